"""Compiled catalogues are not kept in the repository: they are made when they are missing or older."""

from pathlib import Path

import polib
import pytest
from django.conf import settings

from tests.ui.stand import Stand


@pytest.fixture(scope="session", autouse=True)
def _catalogues_are_compiled():
    for source in (Path(settings.BASE_DIR) / "locale").glob("*/LC_MESSAGES/django.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            polib.pofile(str(source)).save_as_mofile(str(compiled))


@pytest.fixture
def stand():
    stand = Stand()
    yield stand
    stand.stop()


@pytest.fixture
def page(browser, stand):
    context = browser.new_context(base_url=stand.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    yield page
    page.unroute_all(behavior="ignoreErrors")
    context.close()
