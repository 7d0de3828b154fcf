"""Brings the application up to its code in one Python: translations, tables, static files, demo data.

Run as a program (`python -m house.prepare [--roles] [--no-demo]`) as the owner; each step is skipped when
it has nothing to do, because the second start must be quick.
"""

import hashlib
import io
import os
import sys
from pathlib import Path

from house.instance import ROOT
from house.messages import compile_all
from house.terminal import Trouble, step


def main(arguments: list[str]) -> int:
    """Do what is needed; 1 with a sentence on what the person can put right."""
    os.environ["DATABASE_ROLE"] = "owner"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")
    try:
        if "--roles" in arguments:  # where bin/run did not make them (docker-compose.yml)
            from house import roles

            roles.ensure(
                *(os.environ[name] for name in ("DATABASE_URL", "CIRCUNFLEJO_INSTANCE", "SECRET_KEY"))
            )
        compile_all(ROOT / "locale")
        import django

        django.setup()
        _migrate()
        _static()
        if "--no-demo" not in arguments:
            _demo()
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        return 1
    return 0


def _migrate() -> None:
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    gone = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if gone:
        raise Trouble(
            f"The tables in this folder were made by another version ({', '.join(sorted(map('.'.join, gone)))}), "
            "and this one has no way from there to here. Nothing was changed. Move the folder away to begin anew, or "
            "go back to the version that made it."
        )
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        with step("tables"):
            call_command("migrate", interactive=False, verbosity=0)


def _static() -> None:
    """Collect and compress the front-end files when any of them changed."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / "collected.sha256"
    wanted = _digest_of_sources()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    # Hashed names and compression, also the first time, when settings still see no manifest.
    settings.STORAGES["staticfiles"]["BACKEND"] = "helpdesk.ui.storage.BundledStaticFilesStorage"
    with step("front-end files"):
        call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted)


def _digest_of_sources() -> str:
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            found = os.stat(storage.path(path))
            digest.update(f"{path} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()


def _demo() -> None:
    from django.core.management import call_command, get_commands

    if "seed_demo" in get_commands():
        with step("demo organizations"):
            call_command("seed_demo", verbosity=0, stdout=io.StringIO())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
