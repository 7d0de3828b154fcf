"""Pages the door keeps: served only while nothing they show has changed, and never another organization's."""

from __future__ import annotations

import asyncio
import gzip
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any

import pytest
from django.db import connections

from helpdesk import asgi
from helpdesk.site import keeping
from helpdesk.site.models import Site
from helpdesk.site.visitors import Kept
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from protocols.models import Calendar, OpeningHours

BANK, AIRLINE = "/ayuda/frailejon/", "/ayuda/alisios/"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def door(cast, monkeypatch) -> Iterator[Any]:
    """A door of this process with nothing kept; both sites are on. It counts what Django answered."""
    for organization in (cast.bank, cast.airline):
        with tenant(organization.pk):
            Site.objects.create(organization=organization, is_on=True, colour="#0b6b3a")
    pool, versions = ThreadPoolExecutor(1), keeping.Versions()
    made: list[str] = []
    call = asgi._call
    monkeypatch.setattr(asgi, "_pool", pool)
    monkeypatch.setattr(asgi, "versions", versions)
    monkeypatch.setattr(asgi, "kept_pages", keeping.Pages())
    monkeypatch.setattr(asgi, "_call", lambda scope, *more: made.append(scope["path"]) or call(scope, *more))
    yield Door(made)
    pool.submit(connections.close_all).result()
    if versions._thread is not None:
        versions._thread.submit(connections.close_all).result()


class Door:
    def __init__(self, made: list[str]) -> None:
        self.made = made

    def ask(
        self,
        path: str,
        *,
        query: bytes = b"",
        method: str = "GET",
        parts: tuple[bytes, ...] = (),
        **headers: str,
    ) -> tuple[int, dict, str]:
        sent: list[dict[str, Any]] = []
        coming = list(parts)

        async def receive() -> dict[str, Any]:
            part = coming.pop(0) if coming else b""
            return {"type": "http.request", "body": part, "more_body": bool(coming)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        named = {"host": "localhost"} | {name.replace("_", "-"): value for name, value in headers.items()}
        scope = {
            "type": "http", "http_version": "1.1", "method": method, "path": path, "query_string": query,
            "scheme": "http", "headers": [(k.encode(), v.encode()) for k, v in named.items()],
            "server": ("127.0.0.1", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        with ThreadPoolExecutor(1) as thread:
            thread.submit(lambda: asyncio.run(asgi.application(scope, receive, send))).result(20)
        got = {name.decode(): value.decode("latin1") for name, value in sent[0]["headers"]}
        body = b"".join(message.get("body", b"") for message in sent[1:])
        if got.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        return sent[0]["status"], got, body.decode()


def test_second_visitor_is_served_what_was_made_for_the_first(door):
    first, second = door.ask(BANK), door.ask(BANK)

    assert first[2] == second[2]
    assert door.made == [BANK]


def test_change_of_anything_shown_is_seen_by_the_next_visitor(cast, door):
    def rename() -> None:
        Organization.objects.filter(pk=cast.bank.pk).update(name="Banco Nuevo")

    def recolour() -> None:
        Site.objects.update(colour="#7a1f5c")

    def open_on_sunday() -> None:
        OpeningHours.objects.create(
            organization=cast.bank, calendar=Calendar.objects.earliest("pk"), weekday=6, opens_at=time(3, 7),
            closes_at=time(4, 9),
        )  # fmt: skip

    def leave() -> None:
        Membership.objects.filter(initials="JC").update(display_name="Zacarías Nuevo")

    for change, shown, path in (
        (recolour, "#7a1f5c", f"{BANK}marca.css"),
        (open_on_sunday, "3:07", BANK),
        (leave, "Zacarías", BANK),
        (rename, "Banco Nuevo", BANK),
    ):
        assert shown not in door.ask(path)[2]
        with tenant(cast.bank.pk):
            change()
        assert shown in door.ask(path)[2], shown


def test_what_is_rolled_back_changes_nothing(cast, door):
    def fail() -> None:
        with tenant(cast.bank.pk):
            Site.objects.update(colour="#7a1f5c")
            raise ZeroDivisionError

    door.ask(BANK)
    with pytest.raises(ZeroDivisionError):
        fail()
    door.ask(BANK)

    assert door.made == [BANK]


def test_change_in_one_organization_leaves_the_other_kept(cast, door):
    door.ask(BANK), door.ask(AIRLINE)
    with tenant(cast.bank.pk):
        Site.objects.update(greeting="Hola")
    door.ask(AIRLINE)

    assert door.made == [BANK, AIRLINE]


def test_no_organization_is_served_anothers_page(door):
    for _turn in range(2):
        assert "Alisios" not in door.ask(BANK)[2]
        assert "Frailejón" not in door.ask(AIRLINE)[2]


def test_site_that_is_switched_off_or_closed_is_gone_at_once(cast, door):
    from django.utils import timezone

    assert door.ask(BANK)[0] == 200
    with tenant(cast.bank.pk):
        Site.objects.update(is_on=False)
    assert door.ask(BANK)[0] == 404
    with tenant(cast.bank.pk):
        Site.objects.update(is_on=True)
    assert door.ask(BANK)[0] == 200
    assert door.ask(AIRLINE)[0] == 200
    keeping_bank = Organization.objects.filter(pk=cast.bank.pk)
    with tenant(cast.bank.pk):
        keeping_bank.update(closed_at=timezone.now())
    status, _headers, body = door.ask(BANK)
    assert (status, "ya no atiende" in body) == (410, True)


def test_visitor_who_has_it_is_told_so_and_theme_and_language_are_their_own(door):
    etag = door.ask(BANK)[1]
    assert "etag" not in etag
    etag = door.ask(BANK)[1]["etag"]
    assert door.ask(BANK, if_none_match=etag)[0] == 304
    assert 'data-theme="dark"' in door.ask(BANK, cookie="theme=dark")[2]
    assert 'data-theme="dark"' not in door.ask(BANK)[2]
    assert door.ask(BANK, accept_encoding="gzip")[1]["content-encoding"] == "gzip"


def test_forms_and_questions_are_never_kept(door):
    for path, query in (
        (f"{BANK}caso/", b""),
        (f"{BANK}estado/", b""),
        (BANK, b"q=1"),
        (f"{BANK}nada/", b""),
    ):
        door.made.clear()
        answers = [door.ask(path, query=query) for _turn in range(2)]
        assert len(door.made) == 2, path
        assert "public" not in answers[0][1].get("cache-control", "") or query


def test_host_that_is_not_ours_and_domain_of_another_are_refused(door, settings):
    settings.PUBLIC_DOMAINS = {"ayuda.banco.example": "frailejon"}
    keeping._may_serve.cache_clear()
    door.ask(BANK), door.ask(AIRLINE)

    assert door.ask(BANK, host="evil.example")[0] == 400
    assert door.ask(AIRLINE, host="ayuda.banco.example")[0] == 404
    assert door.ask("/entrar/", host="ayuda.banco.example")[0] == 404
    status, headers, _body = door.ask("/", host="ayuda.banco.example")
    assert (status, headers["location"]) == (302, BANK)
    assert (
        'rel="canonical" href="http://ayuda.banco.example/ayuda/frailejon/"'
        in door.ask(BANK, host="ayuda.banco.example")[2]
    )
    keeping._may_serve.cache_clear()


@pytest.mark.parametrize("says_so", [True, False], ids=["declared", "streamed"])
def test_fifty_megabytes_come_back_with_a_sentence_and_what_was_typed(door, says_so):
    form = f"{BANK}caso/"
    _status, headers, page = door.ask(form)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
    typed = {
        "csrfmiddlewaretoken": token, "step": "send", "token": "t" * 24, "kind": "reclamo",
        "text": "Lo que costó escribir", "name": "", "email": "diana@correo.example", "phone": "", "motive": "",
    }  # fmt: skip
    head = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in typed.items()
    )
    head += '--x\r\nContent-Disposition: form-data; name="files"; filename="a.jpg"\r\nContent-Type: image/jpeg\r\n\r\n'
    parts = (head.encode(), *[bytes(1024 * 1024)] * 50, b"\r\n--x--\r\n")
    length = {"content_length": str(sum(map(len, parts)))} if says_so else {}
    status, _headers, answer = door.ask(
        form, method="POST", parts=parts, content_type="multipart/form-data; boundary=x",
        cookie=headers["set-cookie"].split(";")[0], origin="http://localhost", **length,
    )  # fmt: skip

    assert status == 413
    assert "hasta 20 MB" in answer
    assert "Lo que costó escribir" in answer
    assert "diana@correo.example" in answer


def test_many_at_once_ask_the_database_once():
    asked: list[int] = []
    versions = keeping.Versions()

    async def storm() -> list[int | None]:
        first = asyncio.ensure_future(versions.of("nadie"))
        await asyncio.sleep(0)
        return [await first, *await asyncio.gather(*(versions.of(f"nadie-{n}") for n in range(50)))]

    read = keeping.read_versions
    keeping.read_versions = lambda slugs: asked.append(len(slugs)) or read(slugs)  # type: ignore[assignment]
    try:
        with ThreadPoolExecutor(1) as thread:
            assert set(thread.submit(lambda: asyncio.run(storm())).result(20)) == {None}
    finally:
        keeping.read_versions = read
        versions._thread.submit(connections.close_all).result()
    assert asked == [1, 50]


def test_page_ends_with_the_hour_it_speaks_of():
    from datetime import UTC, datetime

    pages = keeping.Pages()
    key = keeping.Key("a", "/ayuda/a/", "", "", False)
    pages.keep(key, Kept("a", 1, datetime(2020, 1, 1, tzinfo=UTC)), [], b"abierto")
    assert pages.find(key, 1) is None
    pages.keep(key, Kept("b", 1, None), [], b"de otra")
    assert pages.find(key, 1) is None


def test_memory_has_a_limit():
    pages = keeping.Pages(most=50_000)
    for n in range(40):
        pages.keep(keeping.Key("a", f"/{n}", "", "", False), Kept("a", 1, None), [], bytes(4_000))
    kept = [n for n in range(40) if pages.find(keeping.Key("a", f"/{n}", "", "", False), 1)]
    assert 3 < len(kept) < 20
    assert kept[-1] == 39
