"""The main job, on real HTTP: a customer writes, an agent answers, the customer reads it signed ``^JC``."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.live]


def open_case_of(page: Any, words: str) -> None:
    """The row appears by itself, and opens."""
    row = page.locator("li[data-ticket] a.row", has_text=words).first
    expect(row).to_be_visible(timeout=20_000)
    row.click()
    expect(page.locator("#msgs")).to_contain_text(words)


def answer(page: Any, text: str, mode: str = "") -> None:
    """Write and send by keyboard."""
    if mode:
        page.locator(f"input[name=mode][value={mode}]").check(force=True)
    page.locator("textarea[name=text]").fill(text)
    page.locator("textarea[name=text]").press("Control+Enter")
    sent = page.locator("#msgs .msg-ours", has_text=text)
    expect(sent).to_be_visible()
    expect(sent).to_have_attribute("data-state", "sent", timeout=30_000)


def resolve(page: Any) -> None:
    """By keyboard: the first suggestion, and of a filed case the first cause and result."""
    page.keyboard.press("e")
    panel = page.locator("#typify form[data-begun]")
    expect(panel).to_be_visible()
    for _axis in (panel.get_attribute("data-needed") or "").split():
        page.keyboard.press("1")
    head, why = page.locator("#case-head", has_text="Resuelto"), page.locator("#steps-reason")
    expect(head.or_(why).first).to_be_visible()
    if why.is_visible():  # of a motive whose protocol has steps left
        why.fill("No hacía falta")
        why.press("Enter")
    expect(head).to_be_visible()


def test_mention_on_x_is_answered_in_public(console, control, mark):
    page = console()
    control(
        "POST",
        "/x/posts",
        {"as": "dianamrojas", "text": f"@FrailejonAyuda me cobraron dos veces el mercado 😤 {mark}"},
    )

    open_case_of(page, mark)
    answer(page, f"Diana, tiene razón: ya reversamos uno de los dos. {mark}")

    said = f"uno de los dos. {mark}"
    posts = eventually(lambda: [p for p in control("GET", "/posts")["posts"] if said in p["raw"]])
    assert len(posts) == 1
    assert posts[0]["raw"].endswith("^JC")
    assert posts[0]["reply_user"] == posts[0]["reply_user"]


def test_direct_message_on_x_is_answered_in_private(console, control, mark):
    page = console()
    control(
        "POST",
        "/x/dms",
        {"as": "sebasgil_", "to": "FrailejonAyuda", "text": f"¿me ayudan con el token físico? {mark}"},
    )

    open_case_of(page, mark)
    answer(page, f"Sebastián, claro que sí: la reenviamos a su celular. {mark}")

    said = eventually(lambda: [m for m in control("GET", "/dms")["dms"] if f"celular. {mark}" in m["text"]])
    assert len(said) == 1
    assert said[0]["text"].endswith("^JC")


def test_comment_on_facebook_is_answered_in_public(console, control, mark):
    page = console()
    control(
        "POST",
        "/facebook/comments",
        {"as": "Natalia Bernal", "page": "frailejon", "message": f"No más llamadas, por favor {mark}"},
    )

    open_case_of(page, mark)
    answer(page, f"Natalia, la sacamos hoy de las listas de llamadas. {mark}")

    comments = eventually(
        lambda: [c for c in control("GET", "/comments")["comments"] if f"llamadas. {mark}" in c["message"]]
    )
    assert len(comments) == 1
    assert comments[0]["message"].endswith("^JC")


def test_comment_that_arrives_in_an_open_case_is_hidden_like_the_rest(console, control, mark, neighbour):
    page = console("paola@frailejon.example")
    comment = {"as": neighbour, "page": "frailejon"}
    root = control(
        "POST", "/facebook/comments", comment | {"message": f"¿Por qué cerraron la oficina? {mark}"}
    )
    open_case_of(page, mark)

    control("POST", "/facebook/comments", comment | {"parent": root["id"], "message": "Y dejen de mentir"})
    said = page.locator("#msgs .msg", has_text="Y dejen de mentir")
    expect(said).to_be_visible(timeout=20_000)
    said.locator("summary", has_text="Ocultarlo").click()
    said.locator("input[name=reason]").fill("Insulta a quien atiende")
    said.get_by_role("button", name="Ocultar").click()

    # It takes two people.
    expect(page.locator("#case-head")).to_contain_text("pide ocultar un comentario", timeout=20_000)


def test_messenger_is_answered_in_private(console, control, mark):
    page = console()
    control(
        "POST",
        "/facebook/messages",
        {"as": "Jhon Fredy Cárdenas", "page": "frailejon", "text": f"Hay dos compras que yo no hice {mark}"},
    )

    open_case_of(page, mark)
    answer(page, f"Jhon Fredy, bloqueamos la tarjeta ahora mismo. {mark}")

    said = eventually(
        lambda: [m for m in control("GET", "/messages")["messages"] if f"mismo. {mark}" in m["text"]]
    )
    assert len(said) == 1
    assert said[0]["text"].endswith("^JC")


def test_comment_can_be_answered_once_in_private(console, control, mark):
    page = console()
    control(
        "POST",
        "/facebook/comments",
        {"as": "Diana Marcela Rojas", "page": "frailejon", "message": f"¿Cómo pido el paz y salvo? {mark}"},
    )

    open_case_of(page, mark)
    answer(page, f"Diana, se lo enviamos por aquí. {mark}", mode="private")

    said = eventually(
        lambda: [m for m in control("GET", "/messages")["messages"] if f"por aquí. {mark}" in m["text"]]
    )
    assert len(said) == 1


def test_two_consoles_see_the_answer_and_the_resolution_live(console, control, mark):
    juan, paola = console(), console("paola@frailejon.example")
    asked = f"@FrailejonAyuda ¿a qué hora abren el sábado? {mark}"
    control("POST", "/x/posts", {"as": "olgatamayo_", "text": asked})
    for page in (juan, paola):
        open_case_of(page, mark)

    answer(juan, f"Olga, de 8:00 a 14:00. {mark}")
    expect(paola.locator("#msgs")).to_contain_text(f"Olga, de 8:00 a 14:00. {mark}")
    juan.locator("body").press("Escape")
    resolve(juan)

    expect(paola.locator("#case-head")).to_contain_text("Resuelto")
    expect(paola.locator("li[data-ticket] a.row", has_text=mark)).to_have_count(0)


def test_stranger_sees_nothing_of_the_bank(console, control):
    page = console("nuria@alisios.example")
    control("POST", "/x/posts", {"as": "caro_quintero", "text": "@FrailejonAyuda no entiendo la aplicación"})

    page.wait_for_timeout(1500)

    expect(page.locator("li[data-ticket] a.row", has_text="no entiendo la aplicación")).to_have_count(0)
    assert page.goto(page.url.replace("/alisios/", "/frailejon/")).status == 404
