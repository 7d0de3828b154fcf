"""Database roles and what a database of ours needs beside its tables. Idempotent; never done by a migration.

Roles belong to the whole server, so their names carry the instance. None is a superuser and none can bypass
row-level security: `owner` owns tables and functions, `app` (web) and `worker` (Celery) own nothing, which is
why their policies bind.
"""

import contextlib
from urllib.parse import urlsplit, urlunsplit

import psycopg2
from psycopg2 import errors, sql

from house.binaries import OLDEST
from house.instance import role, role_password
from house.terminal import Trouble

EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
PLAIN_ROLES = ("app", "worker")


def make_owner(superuser_url: str, instance_name: str, password: str) -> None:
    """The embedded cluster's owner role and its database `circunflejo`."""
    with _connected(superuser_url) as cursor:
        _role(cursor, role(instance_name, "owner"), password, "CREATEDB CREATEROLE")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'circunflejo'")
        if not cursor.fetchone():
            owner = sql.Identifier(role(instance_name, "owner"))
            cursor.execute(sql.SQL("CREATE DATABASE circunflejo OWNER {}").format(owner))


def ensure(database_url: str, instance_name: str, secret_key: str) -> None:
    """Roles `app` and `worker`, the database if missing, its preparation. Trouble when unreachable."""
    _create_missing_database(database_url)
    with _connected(database_url) as cursor:
        _refuse_old(cursor)
        for which in PLAIN_ROLES:
            name = role(instance_name, which)
            _role(cursor, name, role_password(secret_key, name), "NOCREATEDB NOCREATEROLE")
        prepare_database(cursor, instance_name)


def prepare_database(cursor, instance_name: str) -> None:
    """As owner, in one database (the tests' too): extensions, and grants on all tables to come."""
    for extension in EXTENSIONS:
        cursor.execute(sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension)))
    both = sql.SQL(", ").join(sql.Identifier(role(instance_name, which)) for which in PLAIN_ROLES)
    for statement in (
        "GRANT USAGE ON SCHEMA public TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {}",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {}",
    ):
        cursor.execute(sql.SQL(statement).format(both))


def _role(cursor, name: str, password: str, rights: str) -> None:
    """Create it or put its password and rights right, whoever else does so at the same moment."""
    wanted = sql.SQL("LOGIN NOSUPERUSER NOBYPASSRLS " + rights + " PASSWORD {}").format(sql.Literal(password))
    cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name])
    if not cursor.fetchone():
        with contextlib.suppress(errors.DuplicateObject, errors.UniqueViolation):
            cursor.execute(sql.SQL("CREATE ROLE {} ").format(sql.Identifier(name)) + wanted)
            return
    # NOSUPERUSER and NOBYPASSRLS may only be said again by a superuser; they were said at creation.
    wanted = sql.SQL("LOGIN " + rights + " PASSWORD {}").format(sql.Literal(password))
    cursor.execute(sql.SQL("ALTER ROLE {} ").format(sql.Identifier(name)) + wanted)


def _create_missing_database(url: str) -> None:
    parts = urlsplit(url)
    name = parts.path.lstrip("/")
    try:
        psycopg2.connect(url, connect_timeout=10).close()
    except psycopg2.OperationalError as error:
        if f'database "{name}" does not exist' not in str(error):
            raise Trouble(unreachable(url, error)) from None
        with _connected(urlunsplit(parts._replace(path="/postgres"))) as cursor:
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def unreachable(url: str, error: Exception) -> str:
    """The sentence for a server that does not answer; without the password."""
    parts = urlsplit(url)
    where = f"{parts.hostname or 'a local socket'}{f':{parts.port}' if parts.port else ''}{parts.path}"
    return f"DATABASE_URL is set, but its server ({where}) cannot be used:\n{str(error).strip()}"


def _refuse_old(cursor) -> None:
    cursor.execute("SHOW server_version_num")
    if int(cursor.fetchone()[0]) < OLDEST * 10000:
        raise Trouble(
            f"The server of DATABASE_URL is older than PostgreSQL {OLDEST}, which Circunflejo needs."
        )


@contextlib.contextmanager
def _connected(url: str):
    try:
        connection = psycopg2.connect(url, connect_timeout=10)
    except psycopg2.OperationalError as error:
        raise Trouble(unreachable(url, error)) from None
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        yield cursor
