"""The door's program: granian, with our pages loaded before its workers are forked.

``python -m helpdesk.door`` takes granian's own options. What the parent has read (code, routes, templates,
translations) its workers share instead of each holding a copy (``bin/bench memory``), and a worker that died is
back without importing anything.
"""

from __future__ import annotations

import gc
from pathlib import Path

from granian.cli import entrypoint


def preload() -> None:
    """Read what any page may need. Nothing is connected and no thread is started: a fork would not have them."""
    from django.conf import settings
    from django.template.loader import get_template
    from django.urls import get_resolver
    from django.utils.translation import gettext, override

    from helpdesk import asgi  # noqa: F401

    get_resolver()._populate()
    for language, _name in settings.LANGUAGES:
        with override(language):
            gettext("Consola")
    for folder in (folder for engine in settings.TEMPLATES for folder in engine["DIRS"]):
        for path in sorted(Path(folder).rglob("*.html")):
            get_template(str(path.relative_to(folder)))
    gc.collect()
    # Objects the collector never looks at again are objects whose pages it never writes.
    gc.freeze()
    # A page leaves a few thousand objects and no cycles worth a look every seven hundred of them.
    gc.set_threshold(20_000, 20, 20)


if __name__ == "__main__":
    preload()
    entrypoint()
