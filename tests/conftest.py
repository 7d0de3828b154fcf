"""Two organizations always exist, and the stranger always tries.

The test database is made and migrated by its owner; then the tests connect as ``app``, so that
row-level security is in force. After a test that commits, the tables are put back as they were.
``as_worker`` steps into the worker's role.
"""

from __future__ import annotations

import gc
import pickle
import shutil
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from django.conf import settings
from django.db import connection
from django.test import Client, TransactionTestCase
from house import again
from house.testing import BROWSERS

from helpdesk import env
from tests.cast import Cast, find_cast, make_cast
from tests.restoring import keep


def pytest_configure() -> None:
    """A test makes ten people: a slow hash would be most of its time. A busy machine falsifies no property."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    hypothesis.settings.register_profile("house", deadline=None)
    hypothesis.settings.load_profile("house")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not walk it again, nor look so often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Name a failed test to ``bin/test``, and whether it looks at running programs (`house.again`)."""
    if report.failed:
        again.write_down(report.nodeid, is_live=bool({"browser", "live"} & set(report.keywords)))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """With a test of the whole house that failed goes what its programs said last."""
    report = yield
    used = getattr(item, "funcargs", {})
    env = getattr(used.get("night"), "env", used.get("house"))
    if report.failed and isinstance(env, dict):
        logs = Path(env["CIRCUNFLEJO_VAR"]).glob("log/*.log")
        report.sections += [(log.name, last_lines(log)) for log in logs]
    return report


def last_lines(log: Path, most: int = 40) -> str:
    """The end of a program's log."""
    return "\n".join(log.read_text(errors="replace").splitlines()[-most:])


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Create the test database as the owner."""
    owner = env.database(
        env.text("DATABASE_URL"), role="owner", instance=settings.INSTANCE, secret_key=settings.SECRET_KEY
    )
    connection.settings_dict.update({key: owner[key] for key in ("USER", "PASSWORD")})


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[bytes | None]:
    """Hand the migrated database over to ``app``; the cast, when its rows are always there."""
    app, worker = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
    with django_db_blocker.unblock():
        with connection.cursor() as cursor:
            cursor.execute(f'GRANT TRUNCATE ON ALL TABLES IN SCHEMA public TO "{app}"')
            # May become the worker by asking, never by itself: INHERIT FALSE keeps the policies apart.
            cursor.execute(f'GRANT "{worker}" TO "{app}" WITH INHERIT FALSE, SET TRUE')
        owner = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD")}
        connection.close()
        connection.settings_dict.update(
            {"USER": app, "PASSWORD": env.role_password(settings.SECRET_KEY, app)}
        )
        people = find_cast() or (make_cast(), find_cast())[1]
    restore, emptying = keep(connection.settings_dict), TransactionTestCase._fixture_teardown
    if restore:
        TransactionTestCase._fixture_teardown = lambda _case: restore()
    yield pickle.dumps(people) if restore else None
    TransactionTestCase._fixture_teardown = emptying
    with django_db_blocker.unblock():
        connection.close()
        connection.settings_dict.update(owner)


@pytest.fixture
def as_worker() -> Callable[[], AbstractContextManager[None]]:
    """A context in which statements run as the worker's role, with no tenant chosen."""

    @contextmanager
    def worker() -> Iterator[None]:
        with connection.cursor() as cursor:
            cursor.execute(f'SET ROLE "{settings.DATABASE_ROLES["worker"]}"')
        try:
            yield
        finally:
            with connection.cursor() as cursor:
                cursor.execute("RESET ROLE")

    return worker


@pytest.fixture
def cast(db: None, django_db_setup: bytes | None) -> Cast:
    """Frailejón (bank, Colombia) and Alisios (airline, Spain) with their people: as read from the tables, for each
    test anew, without asking for them again."""
    if django_db_setup is not None:
        return pickle.loads(django_db_setup)
    return find_cast() or make_cast()


@pytest.fixture
def log_in(client: Client) -> Callable[[Any], Client]:
    """Log a membership's user in on the test client."""

    def enter(member: Any) -> Client:
        client.force_login(member.user)
        return client

    return enter


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for every test that looks at a page: two drivers cannot share this thread."""
    chromium = next(filter(None, map(shutil.which, BROWSERS)), None)
    if chromium is None:
        pytest.skip("there is no Chromium: as root, apt-get install chromium")
    from playwright.sync_api import expect, sync_playwright

    # What is there soon is seen soon; how soon on busy cores says nothing of the page (bin/bench push does).
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium)
        yield running
        running.close()
