"""The compiled English catalogue is not kept in the repository: it is made when it is missing or older."""

from pathlib import Path

import polib
import pytest
from django.conf import settings


@pytest.fixture(scope="session", autouse=True)
def _english_is_compiled():
    source = Path(settings.BASE_DIR) / "locale" / "en" / "LC_MESSAGES" / "django.po"
    compiled = source.with_suffix(".mo")
    if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
        polib.pofile(str(source)).save_as_mofile(str(compiled))
