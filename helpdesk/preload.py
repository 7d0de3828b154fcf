"""What is read before a program forks: its children share it instead of each holding a copy (``bin/bench memory``).

Nothing is connected and no thread is started here: a fork would not have them.
"""

from __future__ import annotations

import gc
from pathlib import Path


def read_routes_and_words() -> None:
    """Every view, by its address, and the translations of every language."""
    from django.conf import settings
    from django.urls import get_resolver
    from django.utils.translation import gettext, override

    get_resolver()._populate()
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Consola")


def read_templates() -> None:
    """Every page and part, compiled."""
    from django.conf import settings
    from django.template.loader import get_template

    for folder in (folder for engine in settings.TEMPLATES for folder in engine["DIRS"]):
        for path in sorted(Path(folder).rglob("*.html")):
            get_template(str(path.relative_to(folder)))


def settle_memory() -> None:
    """Objects the collector never looks at again are objects whose pages it never writes."""
    gc.collect()
    gc.freeze()
    # A page or a turn leaves a few thousand objects and no cycles worth a look every seven hundred of them.
    gc.set_threshold(20_000, 20, 20)
