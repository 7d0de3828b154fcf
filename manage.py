#!/usr/bin/env python
"""Django's own commands, on this checkout's instance unless the environment names another."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    """Run one management command."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    os.environ.setdefault("DATABASE_ROLE", "owner")
    if "DATABASE_URL" not in os.environ and (ROOT / "var" / "instance.json").exists():
        sys.path.insert(0, str(ROOT / "bin"))
        from house import by_hand

        by_hand.adopt(ROOT / "var")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
