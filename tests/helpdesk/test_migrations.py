"""One way to the tables: from nothing, by what is on disk; what came another way is left alone."""

from __future__ import annotations

import pytest
from django.db.migrations.recorder import MigrationRecorder
from house import prepare
from house.terminal import Trouble

pytestmark = pytest.mark.django_db


def test_tables_of_another_version_are_left_alone_with_a_sentence():
    MigrationRecorder.Migration.objects.create(app="tickets", name="0099_of_another_version")

    with pytest.raises(Trouble, match="tickets.0099_of_another_version.*Nothing was changed"):
        prepare._migrate()
