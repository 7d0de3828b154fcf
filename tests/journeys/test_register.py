"""A call is written down by keyboard in under half a minute, by somebody who types sixty words a minute."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]

# Sixty words of five letters a minute: a key every 200 ms.
KEY_MS = 200
THINKING_S = 0.6
MOST_S = 30


class Typist:
    """Fingers on the keys: every key takes its time, and nothing is done by mouse."""

    def __init__(self, page) -> None:
        self.page, self.started = page, time.monotonic()

    def type(self, words: str) -> None:
        self.page.keyboard.type(words, delay=KEY_MS)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            time.sleep(KEY_MS / 1000)

    def think(self) -> None:
        time.sleep(THINKING_S)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.started


def test_call_of_somebody_new_is_registered_in_under_thirty_seconds(console, record_property):
    page = console()
    typist = Typist(page)

    typist.press("l")
    expect(page.locator("#id_who")).to_be_focused()
    typist.type("Rosa Niño 3104567890")
    expect(page.locator("#people")).to_contain_text("310")
    typist.press("Enter")
    expect(page.locator("#id_text")).to_be_focused()
    typist.type("Le cobraron dos veces la cuota de manejo de noviembre")
    expect(page.locator("#kind-seems")).to_contain_text("Reclamo")
    typist.think()
    typist.press("Control+Enter")
    page.wait_for_url(re.compile(r"/casos/\d+/$"))
    expect(page.locator("#msgs")).to_contain_text("dos veces la cuota")
    seconds = typist.seconds

    record_property("seconds", round(seconds, 1))
    print(f"\na call registered in {seconds:.1f} s")
    assert seconds < MOST_S
    expect(page.locator("#case-head .radicado")).to_have_text(re.compile(r"\d{4}-\d{6}"))


def test_known_customer_with_an_open_tweet_is_joined_and_answered_in_under_thirty_seconds(
    console, control, stranger, record_property
):
    page = console()
    control(
        "POST",
        "/x/posts",
        {"as": stranger, "text": "@FrailejonAyuda no me llega el extracto de octubre"},
    )
    open_case_of(page, "extracto de octubre")
    page.locator("#composer-text").blur()
    typist = Typist(page)

    typist.press("l")
    expect(page.locator("#id_who")).to_be_focused()
    typist.type(f"@{stranger}")
    expect(page.locator("#people [role=option]").first).to_be_visible()
    typist.press("ArrowDown", "Enter")
    expect(page.locator("#theirs")).to_contain_text("extracto de octubre")
    typist.think()
    typist.press("ArrowDown", "Enter")
    typist.type("Llamó por lo mismo, lo necesita hoy")
    typist.press("Tab")
    typist.type("Se lo envié al correo.")
    typist.press("Control+Enter")
    page.wait_for_url(re.compile(r"/casos/\d+/$"))
    expect(page.locator("#msgs")).to_contain_text("extracto de octubre")
    expect(page.locator("#msgs")).to_contain_text("lo necesita hoy")
    expect(page.locator("#msgs")).to_contain_text("Contestado por teléfono")
    seconds = typist.seconds

    record_property("seconds", round(seconds, 1))
    print(f"\na call joined to a tweet and answered in {seconds:.1f} s")
    assert seconds < MOST_S


def test_who_types_before_the_page_is_there_loses_nothing_and_changes_nothing(console, control, stranger):
    """«l» asks for the page; what follows is a name, not the keys of the case that is still shown."""
    page = console()
    control("POST", "/x/posts", {"as": stranger, "text": "@FrailejonAyuda se demoran mucho en caja"})
    open_case_of(page, "se demoran mucho en caja")
    page.locator("#composer-text").blur()
    held = []
    page.route("**/registrar/", lambda route: held.append(route))
    case = page.url

    page.keyboard.press("l")
    page.keyboard.type("Elena Ruizz")
    page.keyboard.press("Backspace")
    held[0].continue_()

    expect(page.locator("#id_who")).to_have_value("Elena Ruiz")
    page.keyboard.type(" de Mora")
    expect(page.locator("#id_who")).to_have_value("Elena Ruiz de Mora")
    page.goto(case)
    expect(page.locator("#msgs")).to_contain_text("se demoran mucho en caja")
    expect(page.locator("#case-head button[data-key=e]")).to_contain_text("Resolver")


def test_spoken_answer_is_written_from_the_case(console):
    page = console()
    page.goto(page.url.split("/casos/")[0] + "/registrar/")
    page.locator("#id_who").fill("Marina Ríos")
    page.locator("#id_text").fill("Pregunta por su CDT")
    page.keyboard.press("Control+Enter")
    page.wait_for_url(re.compile(r"/casos/\d+/$"))
    page.keyboard.press("r")
    page.keyboard.type("Le expliqué la renovación.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#msgs .msg-ours")).to_contain_text("Le expliqué la renovación.")
    expect(page.locator("#msgs .msg-ours")).to_contain_text("Contestado por teléfono")
    expect(page.locator("#composer-text")).to_have_value("")


def test_cases_of_somebody_who_is_not_meant_any_more_are_not_offered(console, control, stranger):
    page = console()
    control(
        "POST", "/x/posts", {"as": stranger, "text": f"@FrailejonAyuda ¿cuánto cuesta el giro? {stranger}"}
    )
    open_case_of(page, stranger)
    page.goto(page.url.split("/casos/")[0] + "/registrar/")
    held = []
    page.route("**/registrar/**customer=**", lambda route: held.append(route))
    page.keyboard.type(f"@{stranger}")
    expect(page.locator("#people [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    # What is written at once are the words of the call.
    page.keyboard.type("Llamó otra vez")
    expect(page.locator("#id_text")).to_have_value("Llamó otra vez")
    expect(page.locator("#id_customer")).not_to_have_value("")
    page.locator("#id_who").fill("Rosa Niño")
    expect(page.locator("#id_customer")).to_have_value("")
    eventually(lambda: page.wait_for_timeout(50) or held)
    held[0].continue_()
    page.wait_for_timeout(700)
    expect(page.locator("#theirs input")).to_have_count(0)
    page.unroute_all(behavior="ignoreErrors")


def test_register_page_fits_a_phone_and_tells_what_is_missing(console):
    page = console()
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.url.split("/casos/")[0] + "/registrar/")
    page.locator("#id_who").fill("Marina Ríos")
    page.locator("form.register button[type=submit]").click()

    expect(page.locator("form.register")).to_contain_text("Escriba qué dijo la persona.")
    expect(page.locator("#id_who")).to_have_value("Marina Ríos")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
