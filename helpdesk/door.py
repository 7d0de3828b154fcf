"""The door's program: granian, with our pages loaded before its workers are forked.

``python -m helpdesk.door`` takes granian's own options. A worker that died is back without importing anything.
"""

from __future__ import annotations

from granian.cli import entrypoint

from helpdesk import preload


def read() -> None:
    """Read what any page may need."""
    from helpdesk import asgi  # noqa: F401

    preload.read_routes_and_words()
    preload.read_templates()
    preload.settle_memory()


if __name__ == "__main__":
    read()
    entrypoint()
