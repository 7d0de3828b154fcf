"""The door's program: granian, with our pages loaded before its workers are forked.

``python -m helpdesk.serve`` runs it beside the workers, ``python -m helpdesk.door`` alone. A worker that died is back
without importing anything.
"""

from __future__ import annotations

import sys

from granian.cli import entrypoint

from helpdesk import preload

# A worker that dies is replaced; event streams get 3 s to end before they are cut.
OPTIONS = [
    *(
        "--interface",
        "asgi",
        "--workers",
        "2",
        "--respawn-failed-workers",
        "--workers-kill-timeout",
        "3",
        "--no-ws",
    ),
    "helpdesk.asgi:application",
]


def read() -> None:
    """Read what any page may need."""
    from helpdesk import asgi  # noqa: F401

    preload.read_routes_and_words()
    preload.read_templates()


def run() -> None:
    """Open the door with the options of the house; where it listens stands in ``GRANIAN_HOST`` and ``_PORT``."""
    sys.argv = ["granian", *OPTIONS]
    entrypoint()


if __name__ == "__main__":
    read()
    preload.settle_memory()
    run()
