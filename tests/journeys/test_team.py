"""Somebody new: invited, accepts, comes in, answers; another person approves before it leaves."""

from __future__ import annotations

import imaplib
import re
import time
from email import message_from_bytes
from email.policy import default
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_stories import open_found

pytestmark = [pytest.mark.browser, pytest.mark.live]


def _link(house: dict[str, str], address: str) -> str:
    """The link of the mail, in the box of who is invited."""
    box = imaplib.IMAP4("127.0.0.1", urlsplit(house["SANDBOX_URL"]).port + 20_000)
    box.login(address, "sandbox-mail")
    box.select("INBOX", readonly=True)
    numbers = box.uid("SEARCH", "UID", "1:100")[1][0].split()
    letters = [box.uid("FETCH", number.decode(), "(BODY.PEEK[])")[1][0][1] for number in numbers]
    box.logout()
    words = [message_from_bytes(one, policy=default).get_body(("plain",)).get_content() for one in letters]
    found = re.findall(r"https?://\S+/invitacion/\S+", "".join(words))
    return found[-1] if found else ""


def test_new_colleague_is_invited_answers_and_is_approved(house, console, control, stranger, browser):
    mark = f"z{time.monotonic_ns() % 10**9}"
    admin = console("marta@frailejon.example", lands="**/ajustes/**")
    admin.goto(f"{house['BASE_URL']}/frailejon/ajustes/equipo/")
    admin.fill("#id_name", "Sara Peña Ruiz")
    admin.fill("#id_email", f"{mark}@frailejon.example")
    admin.get_by_role("button", name="Enviar invitación").click()
    expect(admin.locator("ul.people")).to_contain_text("invitación enviada")
    link = eventually(lambda: _link(house, f"{mark}@frailejon.example"))

    context = browser.new_context(locale="es-CO", viewport={"width": 1440, "height": 900})
    sara = context.new_page()
    sara.goto(link)
    sara.fill("#id_password1", "clave-nueva-77")
    sara.fill("#id_password2", "clave-nueva-77")
    sara.get_by_role("button", name="Aceptar").click()
    sara.fill("input[name=login]", f"{mark}@frailejon.example")
    sara.fill("input[name=password]", "clave-nueva-77")
    sara.get_by_role("button", name="Entrar", exact=True).click()
    sara.wait_for_url("**/casos/**")
    control("POST", "/x/posts", {"as": stranger, "text": f"@FrailejonAyuda ¿la oficina de Chía abre? {mark}"})
    open_found(sara, mark)
    sara.fill("#composer-text", f"Sí, de 9:00 a 13:00. {mark}")
    sara.press("#composer-text", "Control+Enter")
    expect(sara.locator("#msgs .msg-ours", has_text=mark)).to_have_attribute(
        "data-state", "awaiting_approval"
    )

    paola = console("paola@frailejon.example")
    paola.goto(f"{house['BASE_URL']}/frailejon/por-aprobar/")
    waiting = paola.locator("section.approval", has_text="Sara Peña Ruiz")
    waiting.locator("textarea").fill(f"Sí, de 9:00 a 13:00, también el sábado. {mark}")
    waiting.get_by_role("button", name="Aprobar y enviar").click()

    posts = eventually(
        lambda: [p for p in control("GET", "/posts")["posts"] if f"sábado. {mark}" in p["raw"]]
    )
    assert re.search(r" \^S[A-Z]{1,3}$", posts[0]["raw"])
    context.close()
