"""What comes while something else is on its way: nothing older is put over something newer, nobody is left behind."""

import re
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from tests.ui import gallery
from tests.ui.test_browser import CASE, frame, newcomer, open_live, until

pytestmark = pytest.mark.browser
QUEUE = "/frailejon/"
MESSAGE = '<article class="msg" id="msg-{}" data-v="{}"><p>{}</p></article>'


def hold(page, path):
    """What is asked of this path from now on waits in the list that is given back."""
    held = []
    page.route(re.compile(rf"{re.escape(path)}(\?.*)?$"), lambda route: held.append(route))
    return held


def asked_for(page, held, count=1):
    until(page, lambda: len(held) >= count)
    return held[count - 1]


def told(stand, message, text, v=1, ticket=3):
    stand.push("message", ticket=ticket, message=message, html=MESSAGE.format(message, v, text), v=v)


def test_message_told_while_the_case_is_fetched_is_not_taken_away(page, stand):
    open_live(page)
    held = hold(page, CASE)
    stand.push("ticket", ticket=3, v=7)
    first = asked_for(page, held)
    older = page.request.get(CASE).text()
    told(stand, 99, "recién dicho")
    expect(page.locator("#msg-99")).to_have_count(1)
    first.fulfill(status=200, content_type="text/html", body=older)
    # What is asked for now knows it, or knows why it is gone.
    second = asked_for(page, held, 2)
    expect(page.locator("#msg-99")).to_have_text("recién dicho")
    second.fulfill(status=200, content_type="text/html", body=older)
    expect(page.locator("#msg-99")).to_have_count(0)


def test_state_of_an_answer_told_while_the_case_is_fetched_stays(page, stand):
    open_live(page)
    told(stand, 98, "Enviando", 11)
    expect(page.locator("#msg-98")).to_have_text("Enviando")
    older = page.evaluate("document.getElementById('case').outerHTML")
    held = hold(page, CASE)
    stand.push("account")
    first = asked_for(page, held)
    told(stand, 98, "Enviada", 15)
    expect(page.locator("#msg-98")).to_have_text("Enviada")
    first.fulfill(status=200, content_type="text/html", body=older)
    asked_for(page, held, 2)
    expect(page.locator("#msg-98")).to_have_text("Enviada")


def test_case_is_fetched_one_at_a_time_and_again_when_it_does_not_answer(page, stand):
    open_live(page)
    held = hold(page, CASE)
    stand.push("account")
    first = asked_for(page, held)
    stand.push("account")
    page.wait_for_timeout(700)
    assert len(held) == 1
    first.abort()
    asked_for(page, held, 2).fulfill(status=503, body="")
    asked_for(page, held, 3).continue_()


def test_message_waits_for_the_answer_to_what_was_asked_from_it(page, stand):
    open_live(page)
    html = (
        '<article class="msg" id="msg-97" data-v="1"><form method="post" action="/frailejon/undo/" '
        'hx-post="/frailejon/undo/" hx-target="closest .msg" hx-swap="outerHTML"><button>Deshacer</button></form>'
        "</article>"
    )
    stand.push("message", ticket=3, message=97, html=html, v=1)
    held = hold(page, "/undo/")
    page.get_by_role("button", name="Deshacer", exact=True).click()
    asked = asked_for(page, held)
    told(stand, 97, "dicho antes", 2)
    page.wait_for_timeout(300)
    asked.fulfill(status=200, content_type="text/html", body=MESSAGE.format(97, 5, "Cancelada"))
    expect(page.locator("#msg-97")).to_have_text("Cancelada")


def test_head_stays_while_it_is_asked_for_something_although_the_case_was_asked_for_before(page, stand):
    open_live(page)
    held, resolving = hold(page, CASE), hold(page, "/resolve/")
    stand.push("ticket", ticket=3, v=7)
    first = asked_for(page, held)
    page.keyboard.press("e")
    resolved = asked_for(page, resolving)
    first.fulfill(
        status=200, content_type="text/html", body='<div id="case-head" data-v="7"><p>Antes</p></div>'
    )
    page.wait_for_timeout(300)
    expect(page.locator("#case-head .htmx-request")).to_have_count(1)
    resolved.fulfill(
        status=200, content_type="text/html", body='<div id="case-head" data-v="8"><p>Resuelto</p></div>'
    )
    expect(page.locator("#case-head")).to_have_text("Resuelto")


def test_menu_that_was_open_leaves_nothing_old_behind(page, stand):
    open_live(page)
    page.keyboard.press("a")
    expect(page.locator("#case-head details[open]")).to_have_count(1)
    held = hold(page, CASE)
    stand.push("ticket", ticket=3, v=7)
    body = '<div id="case-head" data-v="7"><p>Ahora es de Paola</p></div>'
    asked_for(page, held).fulfill(status=200, content_type="text/html", body=body)
    page.wait_for_timeout(200)
    expect(page.locator("#case-head details[open]")).to_have_count(1)
    page.keyboard.press("Escape")
    asked_for(page, held, 2).fulfill(status=200, content_type="text/html", body=body)
    expect(page.locator("#case-head")).to_have_text("Ahora es de Paola")


def test_row_told_while_the_list_is_fetched_is_in_it(page, stand):
    open_live(page, QUEUE)
    page.wait_for_timeout(1200)
    held = hold(page, QUEUE)
    stand.push("refresh")
    first = asked_for(page, held)
    older = page.request.get(QUEUE).text()
    stand.push("row", **frame(newcomer()))
    stand.push("row", **frame(gallery.rows()["soon"][1], views=["resolved"]))
    expect(page.locator("#row-77")).to_be_visible()
    expect(page.locator("#row-4")).to_have_count(0)
    first.fulfill(status=200, content_type="text/html", body=older)
    page.wait_for_timeout(500)
    expect(page.locator("#row-77")).to_be_visible()
    expect(page.locator("#row-4")).to_have_count(0)


def test_list_is_fetched_once_more_when_that_was_asked_meanwhile(page, stand):
    open_live(page, QUEUE)
    page.wait_for_timeout(1200)
    older = page.request.get(QUEUE).text()
    held = hold(page, QUEUE)
    stand.push("refresh")
    first = asked_for(page, held)
    stand.push("refresh")
    page.wait_for_timeout(1600)
    assert len(held) == 1
    first.fulfill(status=200, content_type="text/html", body=older)
    asked_for(page, held, 2).fulfill(status=503, body="")
    asked_for(page, held, 3).continue_()


def test_of_rows_that_wait_for_their_case_the_newest_is_put(page, stand):
    open_live(page, QUEUE)
    held = hold(page, CASE)
    page.locator("#row-3 a").click()
    asked = asked_for(page, held)
    row = gallery.rows()["soon"][0]
    stand.push("row", **frame(replace(row, last_text="lo penúltimo"), v=8))
    stand.push("row", **frame(replace(row, last_text="lo último"), v=9))
    stand.push("row", **frame(replace(row, last_text="lo viejo"), v=7))
    page.wait_for_timeout(250)
    asked.continue_()
    expect(page.locator("#row-3")).to_contain_text("lo último")
    page.wait_for_timeout(300)
    expect(page.locator("#row-3")).to_contain_text("lo último")


def test_what_is_said_while_a_case_is_opened_is_fetched(page, stand):
    open_live(page, QUEUE)
    held = hold(page, CASE)
    page.locator("#row-3 a").click()
    asked = asked_for(page, held)
    told(stand, 96, "mientras se abría")
    stand.push("counts", open=42)
    expect(page.locator('[data-count="open"]').first).to_have_text("42")
    asked.continue_()
    expect(page.locator("#composer")).to_be_visible()
    asked_for(page, held, 2)


def test_answer_that_was_sent_is_no_draft_although_its_author_went_on(page, stand):
    open_live(page)
    held = hold(page, "/reply/")
    page.locator("#composer-text").fill("Buenos días, Diana.")
    page.locator("#composer-text").press("Control+Enter")
    asked = asked_for(page, held)
    page.evaluate(
        "document.getElementById('case').outerHTML = '<section class=\"pane\" id=\"case\"></section>'"
    )
    asked.fulfill(status=200, content_type="text/html", body='<form id="composer"></form>')
    page.wait_for_function("!Object.keys(sessionStorage).some((key) => key.startsWith('draft:'))")


def test_answer_that_was_refused_is_said_although_its_author_went_on(page, stand):
    open_live(page)
    held = hold(page, "/reply/")
    page.locator("#composer-text").fill("Su cédula es 52.814.482")
    page.locator("#composer-text").press("Control+Enter")
    asked = asked_for(page, held)
    page.evaluate(
        "document.getElementById('case').outerHTML = '<section class=\"pane\" id=\"case\"></section>'"
    )
    asked.fulfill(status=422, content_type="text/html", body='<form id="composer"></form>')
    expect(page.locator(".toast-bad")).to_be_visible()
    assert page.evaluate("Object.keys(sessionStorage).some((key) => key.startsWith('draft:'))")


def test_board_is_fetched_again_for_what_changed_while_it_was_fetched(page, stand):
    """Not half a minute later: the board that heard of it is another element by then."""
    open_live(page, QUEUE)
    held = hold(page, "/board/")
    board = '<div id="board-now" data-behavior="board" data-url="/board/"><p>{}</p></div>'
    page.evaluate(
        "html => { document.body.insertAdjacentHTML('beforeend', html);"
        " document.body.dispatchEvent(new CustomEvent('htmx:load', {bubbles: true, detail: {elt: document.body}})) }",
        board.format("antes"),
    )
    stand.push("account")
    first = asked_for(page, held)
    stand.push("account")
    page.wait_for_timeout(500)
    first.fulfill(status=200, content_type="text/html", body=board.format("entonces"))
    expect(page.locator("#board-now")).to_have_text("entonces")
    asked_for(page, held, 2).fulfill(status=200, content_type="text/html", body=board.format("ahora"))
    expect(page.locator("#board-now")).to_have_text("ahora")


def test_row_stays_under_the_pointer_until_it_is_let_go(page, stand):
    open_live(page, QUEUE)
    row = gallery.rows()["soon"][0]
    page.locator("#row-3 a .last").hover()
    page.mouse.down()
    stand.push("row", **frame(replace(row, last_text="lo de ahora"), v=8))
    stand.push("row", **frame(newcomer(), v=2))
    page.wait_for_timeout(400)
    expect(page.locator("#row-77")).to_have_count(0)
    page.mouse.up()

    expect(page.locator("#case")).to_have_attribute("data-ticket", "3")
    expect(page.locator("#row-3")).to_contain_text("lo de ahora")
    expect(page.locator("#row-77")).to_be_visible()


def test_button_of_the_head_stays_under_the_pointer_until_it_is_let_go(page, stand):
    open_live(page)
    held, resolving = hold(page, CASE), hold(page, "/resolve/")
    page.locator('#case-head [data-key="e"]').hover()
    page.mouse.down()
    stand.push("ticket", ticket=3, v=7)
    page.wait_for_timeout(400)
    assert not held
    page.mouse.up()

    asked_for(page, resolving).fulfill(
        status=200, content_type="text/html", body='<div id="case-head" data-v="8"><p>Resuelto</p></div>'
    )
    expect(page.locator("#case-head")).to_have_text("Resuelto")
    asked_for(page, held).abort()


def other_case(page):
    return (
        page.request.get(CASE)
        .text()
        .replace("/cases/3/", "/cases/4/")
        .replace('data-ticket="3"', 'data-ticket="4"')
    )


def resolved(stand):
    return [path for method, path, _ in stand.asked if method == "POST" and "/resolve/" in path]


def test_what_is_typed_while_a_case_comes_waits_for_it(page, stand):
    """J and at once E: the case that was chosen is resolved, not the one that is still shown."""
    open_live(page)
    other = other_case(page)
    held = hold(page, "/frailejon/cases/4/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    asked = asked_for(page, held)
    page.wait_for_timeout(200)
    assert resolved(stand) == []
    asked.fulfill(status=200, content_type="text/html", body=other)
    until(page, lambda: resolved(stand) == ["/frailejon/cases/4/resolve/"])


def test_words_typed_while_a_case_comes_are_written_in_it(page, stand):
    open_live(page)
    other = other_case(page)
    held = hold(page, "/frailejon/cases/4/")
    page.keyboard.press("j")
    page.keyboard.press("r")
    page.keyboard.type("Si, xya", delay=5)
    page.keyboard.press("Backspace")
    asked_for(page, held).fulfill(status=200, content_type="text/html", body=other)
    expect(page.locator('#composer[data-ticket="4"] #composer-text')).to_have_value("Si, xy")
    page.keyboard.type(" ahora")
    expect(page.locator("#composer-text")).to_have_value("Si, xy ahora")


def test_nothing_typed_ahead_acts_when_the_case_does_not_come(page, stand):
    open_live(page)
    held = hold(page, "/frailejon/cases/4/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    asked_for(page, held).abort()
    expect(page.locator(".toast-bad")).to_be_visible()
    page.wait_for_timeout(200)
    assert resolved(stand) == []
    page.keyboard.press("e")
    until(page, lambda: resolved(stand) == ["/frailejon/cases/3/resolve/"])


def test_two_steps_go_two_cases_on(page, stand):
    open_live(page)
    first, second = hold(page, "/frailejon/cases/4/"), hold(page, "/frailejon/cases/5/")
    page.keyboard.press("j")
    asked_for(page, first)
    page.keyboard.press("j")
    asked_for(page, second)


def test_another_case_can_be_chosen_while_one_comes(page, stand):
    open_live(page)
    first, other = hold(page, "/frailejon/cases/4/"), hold(page, "/frailejon/cases/5/")
    page.keyboard.press("j")
    asked_for(page, first)
    page.locator("#row-5 a").focus()
    page.keyboard.press("Enter")
    asked_for(page, other)
