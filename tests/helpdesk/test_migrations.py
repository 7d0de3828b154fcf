"""One way to the tables: from nothing, by what is on disk; and what came another way is left alone."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db.migrations.recorder import MigrationRecorder
from house import prepare
from house.terminal import Trouble

pytestmark = pytest.mark.django_db


def test_models_and_migrations_say_the_same():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_tables_of_another_version_are_left_alone_with_a_sentence():
    MigrationRecorder.Migration.objects.create(app="tickets", name="0099_of_another_version")

    with pytest.raises(Trouble, match="tickets.0099_of_another_version.*Nothing was changed"):
        prepare._migrate()
