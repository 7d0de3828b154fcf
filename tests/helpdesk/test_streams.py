"""A stream asks who listens outside any request of Django's: what a request mends by itself is mended there too."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.conf import settings
from django.db import OperationalError, close_old_connections, connection
from django.test import Client

from helpdesk.events import Listener, _authenticate
from tests.cast import Cast


@pytest.mark.django_db(transaction=True)
def test_who_listens_is_known_again_after_the_database_closed_the_connection(
    cast: Cast, client: Client
) -> None:
    client.force_login(cast.juan.user)
    cookies = {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}

    def ask() -> Listener | None:
        try:
            return _authenticate(cookies, cast.bank.slug)
        except OperationalError:
            return None

    def pid() -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            return int(cursor.fetchone()[0])

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(ask).result(10) is not None
        theirs = thread.submit(pid).result(10)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [theirs])
        thread.submit(ask).result(10)
        assert thread.submit(ask).result(10) is not None
        thread.submit(lambda: connection.close()).result(10)
    close_old_connections()
