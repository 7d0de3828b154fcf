"""The tables as the session began with them, after a test that commits.

Django would empty all hundred and fifty of them and make its permissions anew, half a second each time, and the cast
would be made again. Where the server is ours, the rows of the cast are kept aside and put back in some milliseconds.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from typing import Any

import psycopg2
from django.conf import settings

# Triggers and foreign keys sleep meanwhile: rows go and come in any order, and leave no trace in counters or audit.
RESTORE = """
SET LOCAL session_replication_role = replica;
DO $$
DECLARE one record;
BEGIN
    FOR one IN
        SELECT c.oid, format('public.%I', c.relname) AS here, to_regclass(format('kept.%I', c.relname)) AS kept
        FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
        AND c.relname <> 'django_migrations' AND pg_relation_size(c.oid) > 0
    LOOP
        EXECUTE 'DELETE FROM ' || one.here;
        IF one.kept IS NOT NULL THEN
            EXECUTE (
                SELECT format('INSERT INTO %s (%s) SELECT %2$s FROM %s', one.here,
                              string_agg(quote_ident(attname), ', '), one.kept)
                FROM pg_attribute
                WHERE attrelid = one.oid AND attnum > 0 AND NOT attisdropped AND attgenerated = ''
            );
        END IF;
    END LOOP;
END $$;
"""
KEEP = """
DROP SCHEMA IF EXISTS kept CASCADE;
CREATE SCHEMA kept;
DO $$
DECLARE one text;
BEGIN
    FOR one IN SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'django_migrations' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('CREATE TABLE kept.%I AS TABLE public.%1$I', one);
    END LOOP;
END $$;
"""


def keep(database: dict[str, Any]) -> Callable[[], None] | None:
    """Keep what is in the tables now; what puts it back. None on a server that is not ours."""
    try:
        password = json.loads((settings.VAR_DIR / "instance.json").read_text())["superuser_password"]
    except (OSError, KeyError):
        return None
    way = {"host": database["HOST"], "port": database["PORT"], "dbname": database["NAME"]}

    def run(statements: str) -> None:
        made = psycopg2.connect(**way, user="postgres", password=password)
        with contextlib.closing(made) as connection, connection, connection.cursor() as cursor:
            cursor.execute(statements)

    run(KEEP)
    return lambda: run(RESTORE)
