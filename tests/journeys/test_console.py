"""The console as a person uses it: search, keyboard, files, approval, narrow, in English, read by a machine."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of, resolve

pytestmark = [pytest.mark.browser, pytest.mark.live]


def tweet(control, text: str, who: str = "wilmerbarrios") -> None:
    control("POST", "/x/posts", {"as": who, "text": f"@FrailejonAyuda {text}"})


def test_case_is_found_by_radicado_handle_and_words(console, control, stranger):
    page = console()
    tweet(control, "la sucursal virtual me cobró el retiro dos veces", stranger)
    open_case_of(page, "me cobró el retiro")
    radicado = page.locator("#case-head .radicado").inner_text()
    assert re.fullmatch(r"\d{4}-\d{6}", radicado)

    for words in (radicado, f"@{stranger}", "sucursal virtual retiro"):
        page.locator("input[name=q]").fill(words)
        page.locator("input[name=q]").press("Enter")
        expect(page.locator("li[data-ticket] a.row", has_text="cobró el retiro").first).to_be_visible()

    page.locator("input[name=q]").fill("zanahoria inexistente")
    page.locator("input[name=q]").press("Enter")
    expect(page.locator("[data-empty]")).to_be_visible()


def test_case_is_worked_by_keyboard_alone(console, control, stranger):
    page = console()
    tweet(control, f"no puedo cambiar el cupo de mi tarjeta {stranger}", stranger)
    row = page.locator("li[data-ticket] a.row", has_text=f"cupo de mi tarjeta {stranger}")
    expect(row).to_be_visible(timeout=20_000)
    page.keyboard.press("j")
    row.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#msgs")).to_contain_text("cambiar el cupo")

    page.keyboard.press("n")
    page.keyboard.type("Revisar si tiene cupo preaprobado")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#msgs .msg-note")).to_contain_text("cupo preaprobado")
    expect(page.locator("#composer-text")).to_have_value("")
    page.locator("#composer-text").blur()
    page.keyboard.press("r")
    page.keyboard.type("Carolina, ya puede subirlo desde la app.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#msgs .msg-ours", has_text="subirlo desde la app")).to_have_attribute(
        "data-state", "sent", timeout=30_000
    )
    # What was said among colleagues stayed among colleagues.
    expect(page.locator("#msgs .msg-ours", has_text="preaprobado")).to_have_count(0)
    page.locator("#composer-text").blur()
    resolve(page)


def test_photo_of_a_private_message_is_shown(console, control):
    page = console()
    control(
        "POST",
        "/x/dms",
        {"as": "natabernal", "to": "FrailejonAyuda", "text": "mire el comprobante", "media": 1},
    )
    open_case_of(page, "mire el comprobante")

    def loaded() -> bool:
        page.reload()
        picture = page.locator("#msgs .picture img")
        return bool(picture.count() and picture.first.evaluate("img => img.complete && img.naturalWidth > 0"))

    assert eventually(loaded, 30)


def test_trainees_answer_leaves_only_when_a_supervisor_approves(console, control, stranger, mark):
    andres, paola = console("andres@frailejon.example"), console("paola@frailejon.example")
    tweet(control, f"¿la oficina de Chía abre el domingo? {mark}", stranger)
    # A trainee sees the cases they were given.
    open_case_of(paola, mark)
    paola.keyboard.press("a")
    paola.locator("#case-head button[name=assignee]", has_text="Andrés").click()
    expect(paola.locator("#case-head summary[data-key=a]")).to_contain_text("AT")
    andres.reload()
    open_case_of(andres, mark)
    andres.locator("textarea[name=text]").fill(f"Amparo, abre de 9:00 a 13:00. {mark}")
    andres.locator("textarea[name=text]").press("Control+Enter")
    words = f"13:00. {mark}"
    waiting = paola.locator("#msgs .msg-ours", has_text=words)
    expect(waiting).to_have_attribute("data-state", "awaiting_approval", timeout=20_000)
    assert [p for p in control("GET", "/posts")["posts"] if words in p["raw"]] == []

    waiting.locator("form[action$='approve/'] button").click()

    expect(paola.locator("#msgs .msg-ours", has_text=words)).to_have_attribute(
        "data-state", "sent", timeout=30_000
    )
    posts = eventually(lambda: [p for p in control("GET", "/posts")["posts"] if words in p["raw"]])
    assert posts[0]["raw"].endswith("^AT")


def test_too_long_an_answer_comes_back_whole_with_its_reason(console, control, stranger):
    page = console()
    tweet(control, f"necesito el extracto de marzo {stranger}", stranger)
    open_case_of(page, f"de marzo {stranger}")
    long = "Natalia, " + "muy largo " * 40
    page.locator("textarea[name=text]").fill(long)
    page.locator("textarea[name=text]").press("Control+Enter")

    expect(page.locator("#composer-findings")).to_contain_text("límite de la red")
    expect(page.locator("textarea[name=text]")).to_have_value(long)
    page.locator("input[name=split]").check(force=True)
    page.locator("textarea[name=text]").press("Control+Enter")

    parts = page.locator("#msgs .msg-ours", has_text="muy largo")
    expect(parts).to_have_count(2)
    for part in parts.all():
        expect(part).to_have_attribute("data-state", "sent", timeout=20_000)


def test_hostile_text_is_shown_exactly_and_runs_nothing(console, control):
    page = console()
    text = "<img src=x onerror=alert(1)> \u202egnirts\u202c 👩‍👩‍👧‍👦 مرحبا & fin"
    tweet(control, text, "caro_quintero")
    row = page.locator("li[data-ticket] a.row", has_text="مرحبا")
    expect(row).to_be_visible(timeout=20_000)
    row.click()

    shown = page.locator("#msgs .msg", has_text="مرحبا").first
    expect(shown).to_contain_text("<img src=x onerror=alert(1)>")
    expect(shown).to_contain_text("👩‍👩‍👧‍👦")
    assert shown.locator("img").count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
def test_pages_are_accessible(console, control, scheme, size):
    page = console(color_scheme=scheme)
    tweet(control, "¿dónde veo mi puntaje de crédito?", "olgatamayo_")
    open_case_of(page, "puntaje de crédito")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.wait_for_timeout(500)

    found = Axe().run(page).response["violations"]

    assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
    width = page.evaluate("document.documentElement.scrollWidth")
    assert width <= size[0]


def test_english_is_complete_on_the_console(console, control, house):
    page = console()
    page.context.add_cookies(
        [{"name": f"cf_{house['CIRCUNFLEJO_INSTANCE']}_language", "value": "en", "url": house["BASE_URL"]}]
    )
    page.reload()

    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("#queue-title")).not_to_have_text("Por vencer")
