"""Static files as they are sent: bundled, named by their content, compressed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile
from whitenoise.storage import CompressedManifestStaticFilesStorage

from helpdesk.ui.bundle import scripts, styles

ENTRIES = {
    "js/main.js": scripts,
    "js/public.js": scripts,
    "js/stream-worker.js": scripts,
    "css/app.css": styles,
    "css/console.css": styles,
}


class _Text:
    """A source of one file whose text was made here."""

    def __init__(self, text: str) -> None:
        self.text = text

    def open(self, name: str) -> ContentFile[bytes]:
        return ContentFile(self.text.encode(), name)


class BundledStaticFilesStorage(CompressedManifestStaticFilesStorage):
    """WhiteNoise's storage with the entries of the page replaced by what they import."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        def read(name: str) -> str:
            storage, path = paths[name]
            with storage.open(path) as file:
                return file.read().decode()

        made = {name: make(name, read) for name, make in ENTRIES.items() if name in paths}
        paths.update({name: (_Text(text), name) for name, text in made.items()})
        yield from super().post_process(paths, dry_run, **options)
