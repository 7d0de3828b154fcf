"""Where one writes: what was undone comes back, nothing written is lost, and what is said of the text is true of it."""

import json
import random

import pytest
from playwright.sync_api import expect

from channels_social.networks.x import prices
from channels_social.networks.x.length import split_thread
from helpdesk.ui.text import escaped
from tests.ui.test_browser import CASE, open_live, until
from tests.ui.test_races import asked_for, hold

pytestmark = pytest.mark.browser
UNDO = "/c/cancel/"


def undone(text, mode="private", split=False, ticket=3):
    said = escaped(json.dumps({"ticket": ticket, "text": text, "mode": mode, "split": split}))
    return f'<article class="msg" id="msg-11" data-v="9" data-undone="{said}"><p>Cancelada</p></article>'


def undo(page, **answer):
    held = hold(page, UNDO)
    page.locator("#msg-11").get_by_role("button", name="Deshacer el envío").click()
    asked_for(page, held).fulfill(status=200, content_type="text/html", body=undone(**answer))


def test_undone_answer_is_put_back_where_one_writes_and_is_there_after_a_reload(page, stand):
    open_live(page)
    words = "Diana, esto es largo.\n\nY sigue. " * 12
    undo(page, text=words, mode="public", split=True)
    text = page.locator("#composer-text")
    for _ in range(2):
        expect(text).to_have_value(words)
        expect(page.locator("[name=mode][value=public]")).to_be_checked()
        expect(page.locator("[name=split]")).to_be_checked()
        page.reload()


def test_undone_answer_never_goes_over_words_typed_meanwhile(page, stand):
    open_live(page)
    page.locator("#composer-text").fill("También le cuento")
    undo(page, text="Le envié lo suyo")
    text, aside = page.locator("#composer-text"), page.locator("#composer .aside")
    expect(aside).to_contain_text("Le envié lo suyo")
    expect(text).to_have_value("También le cuento")
    page.reload()
    aside.get_by_role("button", name="Seguir con esto").click()
    expect(text).to_have_value("Le envié lo suyo")
    expect(page.locator("[name=mode][value=private]")).to_be_checked()
    expect(text).to_be_focused()
    # What was being written lies aside now, and is still there when the other was sent.
    expect(aside).to_contain_text("También le cuento")
    page.locator("#composer-text").press("Control+Enter")
    expect(text).to_have_value("")
    aside.get_by_role("button", name="Seguir con esto").click()
    expect(text).to_have_value("También le cuento")
    expect(page.locator("[name=mode][value=public]")).to_be_checked()
    expect(aside).to_have_count(0)


def test_answer_undone_after_its_author_went_on_waits_in_its_case(page, stand):
    open_live(page)
    held = hold(page, UNDO)
    page.locator("#msg-11").get_by_role("button", name="Deshacer el envío").click()
    asked = asked_for(page, held)
    page.evaluate("document.getElementById('case').remove()")
    asked.fulfill(status=200, content_type="text/html", body=undone("Le envié lo suyo"))
    page.wait_for_function("sessionStorage.getItem('draft:3')")
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("Le envié lo suyo")


def test_seconds_left_to_undo_are_counted_down_and_a_key_undoes(page, stand):
    open_live(page)
    left = page.locator("#msg-11 .undo-left")
    until(page, lambda: int(left.inner_text().split()[0]) < 60)
    held = hold(page, UNDO)
    page.keyboard.press("r")
    page.keyboard.type("x")
    page.keyboard.press("Control+z")
    page.locator("#composer-text").fill("")
    page.wait_for_timeout(100)
    assert held == []
    page.keyboard.press("Control+z")
    asked_for(page, held).fulfill(status=200, content_type="text/html", body=undone("Un momento"))
    expect(page.locator("#composer-text")).to_have_value("Un momento")
    # When they are over nothing is counted; whether it can still be undone the server says.
    html = '<article class="msg" id="msg-97" data-v="1"><button>Deshacer</button><span data-left="1"></span></article>'
    stand.push("message", ticket=3, message=97, html=html, v=1)
    expect(page.locator("#msg-97 button")).to_be_visible()
    expect(page.locator("#msg-97 [data-left]")).to_have_count(0)


def test_refusal_goes_away_when_the_text_or_the_way_changes(page, stand):
    open_live(page)
    stand.refuse = "Supera el límite de la red. (281/280)"
    text, refusal = page.locator("#composer-text"), page.locator(".finding-block")
    text.fill("a" * 277)
    for change in (
        lambda: text.press("Backspace"),
        lambda: page.keyboard.press("Alt+x") or page.locator("label", has_text="Privada").click(),
    ):
        text.press("Control+Enter")
        expect(refusal).to_contain_text("281/280")
        expect(text).to_have_attribute("aria-invalid", "true")
        change()
        expect(refusal).to_have_count(0)
        assert text.get_attribute("aria-invalid") is None


def test_what_a_thread_costs_knows_its_parts(page, stand):
    open_live(page)
    cost = page.locator(".cost:visible")
    page.locator("#composer-text").fill("palabra " * 90)
    expect(cost).to_have_text("US$ 0,01")
    page.get_by_label("Partir en un hilo numerado").check()
    expect(cost).to_have_text("3 partes · US$ 0,04")
    page.locator("#composer-text").fill("palabra " * 60 + "frailejon.example.com")
    expect(cost).to_have_text("2 partes · US$ 0,21")
    page.locator("#composer-text").fill("una palabra")
    expect(cost).to_have_text("US$ 0,01")


def test_the_composer_splits_and_charges_as_the_server_does(page, stand):
    page.goto(CASE)
    dice = random.Random(7)
    bits = [
        "palabra ",
        "día\n\n",
        "👩‍👩‍👧‍👦",
        "https://frailejon.example/a?b=c ",
        "あいうえお" * 9,
        "x" * 50,
        " ",
        "banco.com ",
        "é",
        "^JC ",
    ]
    texts = ["".join(dice.choices(bits, k=dice.randint(1, 90))) for _ in range(250)]
    found = page.evaluate(
        "async (texts) => { const { splitThread, threadCost } = await import('/static/js/lib/thread.js');"
        " const price = { each: 0.01, more: 0.015, link: 0.2 };"
        " return texts.map((text) => { const parts = splitThread(text, 280, '^JC');"
        " return [parts, Math.round(threadCost(parts, price) * 1e6)] }) }",
        texts,
    )
    for text, (parts, cost) in zip(texts, found, strict=True):
        ours = split_thread(text, signature="^JC")
        assert parts == ours
        kinds = [prices.reply_kind(part, is_reply=n == 0) for n, part in enumerate(ours)]
        assert cost == sum(prices.PRICES[kind] for kind in kinds)


def test_private_has_a_key_of_its_own_and_every_key_stands_once(page, stand):
    open_live(page)
    page.keyboard.press("p")
    expect(page.locator("[name=mode][value=private]")).to_be_checked()
    expect(page.locator("#composer-text")).to_be_focused()
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    said = page.locator("#keys dl > div").evaluate_all(
        "rows => rows.map(row => [row.querySelector('dt').innerText, row.querySelector('dd').innerText])"
    )
    assert ("P", "Responder en privado") in [tuple(one) for one in said]
    # «B» is one thing in a case and another in the sample of noise.
    keys = [key for key, _ in said if key != "B"]
    assert len(keys) == len(set(keys))
