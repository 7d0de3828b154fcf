"""The page's own behaviour, in Chromium, under the real content security policy."""

from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from helpdesk.ui import clocks
from helpdesk.ui.row import queue_row
from tests.ui import gallery
from tests.ui.stand import Stand

pytestmark = pytest.mark.browser
CASE = "/frailejon/cases/3/"


@pytest.fixture
def complaints():
    return []


@pytest.fixture
def page(browser, stand, complaints):
    context = browser.new_context(base_url=stand.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if line.type == "error" else None)
    yield page
    context.close()


def open_live(page, path=CASE):
    page.goto(path)
    expect(page.locator("#live")).to_have_text("En vivo")


def until(page, holds):
    """Wait for what the page does not show."""
    for _ in range(300):
        if holds():
            return
        page.wait_for_timeout(50)
    raise AssertionError("it did not come to pass")


def frame(row, **more):
    html = queue_row(row, tz="America/Bogota", version=more.get("v", 2))
    due = row.due_at.isoformat() if row.due_at else ""
    return {
        "ticket": row.ticket_id,
        "html": html,
        "due": due,
        "views": ["open"],
        "assignee": None,
        "v": 2,
        **more,
    }


def newcomer(**changes):
    """Due in five minutes from when the test asks, not from when the suite was collected."""
    return replace(gallery.Row(77, "Recién llegada", "¿Me ayudan?", 5, ago=0), **changes)


def test_pages_load_without_a_complaint_of_the_browser(page, complaints):
    for path in ("/frailejon/", "/frailejon/?empty", CASE):
        open_live(page, path)
    assert complaints == []


def test_what_is_sent_is_little_and_works_the_same(browser, complaints):
    stand = Stand(bundled=True)
    context = browser.new_context(base_url=stand.url)
    page = context.new_page()
    sizes = {}
    page.on("response", lambda answer: sizes.update({answer.url: answer}))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    open_live(page)
    stand.push("row", **frame(newcomer()))
    expect(page.locator("#row-77")).to_be_visible()
    page.locator("#composer-text").fill("hola")
    expect(page.locator(".meter output")).to_have_text("8/280")
    static = {url: len(answer.body()) for url, answer in sizes.items() if "/static/" in url}
    context.close()
    stand.stop()
    assert complaints == []
    assert len(static) <= 6, sorted(static)
    # Before compression; protocols, templates and the state of colleagues came in since it was 205,000; asking
    # again for what was missed, since it was 220,000; keeping what is under the pointer, since it was 225,000.
    assert sum(static.values()) <= 228_000, static


def test_a_pushed_row_takes_its_place_by_when_it_falls_due(page, stand):
    open_live(page)
    stand.push("row", **frame(newcomer()))
    expect(page.locator("#row-77")).to_be_visible()
    soon = page.locator('[data-group="soon"] li').evaluate_all("rows => rows.map(row => row.dataset.ticket)")
    assert soon == ["3", "77", "4", "5"]
    expect(page.locator('[data-group="soon"] [data-n]')).to_have_text("4")


def test_a_pushed_row_moves_and_keeps_the_focus(page, stand):
    open_live(page)
    stand.push("row", **frame(newcomer()))
    page.locator("#row-77 a").focus()
    stand.push("row", **frame(newcomer(minutes=-2, last_text="Sigo esperando"), v=3))
    expect(page.locator('[data-group="late"] #row-77')).to_contain_text("Sigo esperando")
    assert page.evaluate("document.activeElement.closest('li').id") == "row-77"


def test_an_older_frame_changes_nothing(page, stand):
    open_live(page)
    stand.push("row", **frame(newcomer(), v=5))
    expect(page.locator("#row-77")).to_be_visible()
    stand.push("row", **frame(newcomer(last_text="viejo"), v=4))
    stand.push("counts", open=99)
    expect(page.locator('[data-count="open"]')).to_have_text("99")
    expect(page.locator("#row-77")).not_to_contain_text("viejo")


def test_a_row_that_leaves_the_view_leaves_the_list(page, stand):
    open_live(page)
    stand.push("row", **frame(gallery.rows()["soon"][1], views=["resolved"]))
    expect(page.locator("#row-4")).to_have_count(0)
    expect(page.locator('[data-group="soon"] [data-n]')).to_have_text("2")


def test_the_reader_sees_which_colleague_they_are(page, stand):
    open_live(page)
    expect(page.locator("#row-3 [data-me]")).to_have_count(1)
    stand.push("row", **frame(newcomer(assignee_initials="JC"), assignee=1))
    expect(page.locator("#row-77 [data-me]")).to_have_count(1)


def test_a_pushed_message_is_added_once_and_replaced_in_place(page, stand):
    open_live(page)
    html = '<article class="msg msg-public" id="msg-50" data-v="1"><p>{}</p></article>'
    stand.push("message", ticket=3, message=50, html=html.format("uno"), v=1)
    expect(page.locator("#msg-50")).to_have_text("uno")
    stand.push("message", ticket=9, message=51, html=html.format("de otro caso").replace("50", "51"), v=1)
    stand.push(
        "message", ticket=3, message=50, html=html.format("dos").replace('data-v="1"', 'data-v="2"'), v=2
    )
    expect(page.locator("#msg-50")).to_have_text("dos")
    expect(page.locator("#msg-50")).to_have_count(1)
    expect(page.locator("#msg-51")).to_have_count(0)
    assert (
        page.evaluate(
            "(s => s.scrollHeight - s.scrollTop - s.clientHeight)(document.querySelector('.story'))"
        )
        < 2
    )


def test_a_newer_case_is_fetched_and_what_is_being_written_is_not_touched(page, stand):
    open_live(page)
    page.locator("#composer-text").fill("A medias")
    html = '<article class="msg" id="msg-99" data-v="1"><p>no está en el servidor</p></article>'
    stand.push("message", ticket=3, message=99, html=html, v=1)
    expect(page.locator("#msg-99")).to_have_count(1)
    kept = page.locator("#msg-2").element_handle()
    before = len(stand.asked)
    for version in (5, 6, 7):
        stand.push("ticket", ticket=3, v=version)
    expect(page.locator("#msg-99")).to_have_count(0)
    assert [path for _, path, _ in stand.asked[before:]].count(CASE) == 1
    assert kept.evaluate("message => message.isConnected")
    expect(page.locator("#composer-text")).to_have_value("A medias")
    assert page.evaluate("document.activeElement.id") == "composer-text"


def test_answer_finds_the_head_that_asked_although_the_case_changes_meanwhile(page, stand):
    """Somebody resolves in the moment in which a pushed change has the case fetched again."""
    open_live(page)
    held = []
    page.route("**/resolve/", lambda route: held.append(route))
    page.keyboard.press("e")
    expect(page.locator("#case-head .htmx-request")).to_have_count(1)
    before = len(stand.asked)
    stand.push("ticket", ticket=3, v=7)
    page.wait_for_timeout(600)
    head = '<div id="case-head" data-v="8"><p>Resuelto</p></div>'
    held[0].fulfill(status=200, content_type="text/html", body=head)
    expect(page.locator("#case-head")).to_have_text("Resuelto")
    # The stand goes on telling what was before: older than what is shown.
    until(page, lambda: CASE in [path for _, path, _ in stand.asked[before:]])
    page.wait_for_timeout(600)
    expect(page.locator("#case-head")).to_have_text("Resuelto")


def test_the_map_of_keys_opens_in_the_middle_and_from_its_beginning(page, stand):
    page.set_viewport_size({"width": 1440, "height": 700})
    open_live(page)
    page.keyboard.press("?")
    box = page.locator("#keys").bounding_box()
    assert abs(box["x"] + box["width"] / 2 - 720) < 2
    assert box["y"] >= 8
    expect(page.locator("#keys kbd").first).to_be_in_viewport()
    expect(page.locator("#keys button")).to_be_in_viewport()


def test_two_tabs_share_one_stream(page, stand):
    open_live(page)
    other = page.context.new_page()
    open_live(other)
    assert stand.opened == 1
    page.bring_to_front()
    stand.push("counts", open=7)
    expect(page.locator('[data-count="open"]')).to_have_text("7")


def test_after_a_gap_the_page_asks_again_and_is_live_again(page, stand):
    open_live(page)
    before = len(stand.asked)
    stand.hang_up()
    expect(page.locator("#live")).to_have_text("Reconectando…")
    expect(page.locator("#live")).to_have_text("En vivo")
    until(page, lambda: {"/frailejon/", CASE} <= {path for _, path, _ in stand.asked[before:]})


def test_being_offline_is_said_at_once_and_is_over_when_it_is_over(page, stand, complaints):
    open_live(page)
    page.context.set_offline(True)
    expect(page.locator("#live")).to_have_text("Sin conexión")
    page.locator("#composer-text").fill("Diana, lo revisamos.")
    page.locator("#composer-text").press("Control+Enter")
    expect(page.locator(".toast-bad")).to_contain_text("Sin conexión")
    page.context.set_offline(False)
    expect(page.locator(".toast-bad")).to_have_count(0)
    expect(page.locator("#live")).to_have_text("En vivo")
    expect(page.locator("#composer-text")).to_have_value("Diana, lo revisamos.")
    complaints.clear()


def test_every_mode_counts_and_costs_as_its_own_network_does(page, stand):
    open_live(page, CASE + "?mode=private")
    page.locator("#composer-text").fill("ñ👍🏽")
    for mode, said, cost in (("public", "7/280", "US$ 0,01"), ("private", "9/10000", "US$ 0,015")):
        page.locator(f"input[name=mode][value={mode}]").check(force=True)
        expect(page.locator(".meter output")).to_have_text(said)
        expect(page.locator(".cost:visible")).to_have_text(cost)
    page.locator("input[name=mode][value=note]").check(force=True)
    expect(page.locator(".meter")).to_be_hidden()


def test_news_of_an_account_is_shown_beside_the_case_too(page, stand):
    open_live(page)
    page.locator("#who-account-part p").first.evaluate("p => (p.textContent = 'como estaba')")
    stand.push("account", account=1)
    expect(page.locator("#who-account-part")).to_contain_text("@FrailejonAyuda")


def test_refreshes_are_asked_for_once_a_second_at_the_most(page, stand):
    open_live(page)
    page.wait_for_timeout(1200)
    before = len(stand.asked)
    for _ in range(20):
        stand.push("refresh")
    until(page, lambda: any(path == "/frailejon/" for _, path, _ in stand.asked[before:]))
    page.wait_for_timeout(600)
    assert sum(path == "/frailejon/" for _, path, _ in stand.asked[before:]) == 1


def test_a_refused_answer_keeps_the_text_and_says_why(page, stand):
    open_live(page)
    stand.refuse = "Hay una cédula. En público la vería cualquiera."
    page.locator("#composer-text").fill("Su cédula es 52.814.482")
    page.locator("#composer-text").press("Control+Enter")
    expect(page.locator(".finding-block")).to_contain_text("Hay una cédula")
    expect(page.locator("#composer-text")).to_have_value("Su cédula es 52.814.482")


def test_an_accepted_answer_empties_the_composer_and_is_sent_once(page, stand):
    open_live(page)
    page.locator("#composer-text").fill("Buenos días, Diana.")
    page.get_by_role("button", name="Publicar").dblclick()
    expect(page.locator("#composer-text")).to_have_value("")
    posts = [fields for method, _, fields in stand.asked if method == "POST"]
    assert [(post["text"], post["mode"], post["client_token"]) for post in posts] == [
        (["Buenos días, Diana."], ["public"], ["t0"])
    ]
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("")


def test_a_draft_survives_a_reload_and_an_unreachable_server(page, stand):
    open_live(page)
    page.locator("label", has_text="Privada").click()
    page.locator("#composer-text").fill("A medio escribir")
    page.context.set_offline(True)
    page.locator("#composer-text").press("Control+Enter")
    expect(page.locator(".toast-bad")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("A medio escribir")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("A medio escribir")
    expect(page.locator("[name=mode][value=private]")).to_be_checked()


def test_the_composer_is_its_mode(page):
    open_live(page)
    composer = page.locator("#composer")
    assert composer.get_by_role("button").all_inner_texts()[0].startswith("Publicar")
    page.keyboard.press("n")
    expect(page.get_by_role("button", name="Guardar nota")).to_be_visible()
    expect(page.get_by_role("button", name="Publicar")).to_be_hidden()
    assert page.evaluate("document.activeElement.id") == "composer-text"


def test_the_meter_counts_as_x_does_signature_included(page):
    open_live(page)
    page.locator("#composer-text").fill("a" * 270)
    expect(page.locator(".meter output")).to_have_text("274/280")
    page.locator("#composer-text").fill("日" * 139)
    expect(page.locator(".meter output")).to_have_text("282/280")
    expect(page.locator(".meter")).to_have_attribute("data-over", "")
    page.get_by_label("Partir en un hilo numerado").check()
    expect(page.locator(".meter[data-over]")).to_have_count(0)


def test_the_keyboard_walks_opens_and_acts(page, stand):
    open_live(page, "/frailejon/")
    page.keyboard.press("j")
    expect(page.locator("#case-title")).to_contain_text("Diana")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("a")
    expect(page.locator(".menu:visible button").first).to_be_visible()
    page.keyboard.press("Escape")
    page.locator("#case-title").click()
    page.keyboard.press("e")
    until(page, lambda: ("POST", "/frailejon/cases/3/resolve/") in [asked[:2] for asked in stand.asked])


def test_a_case_opens_in_place_and_has_its_own_address(page, stand):
    open_live(page, "/frailejon/")
    page.locator("#row-3 a").click()
    expect(page.locator("#composer")).to_be_visible()
    assert CASE in page.url
    expect(page.locator("#row-3 a")).to_have_attribute("aria-current", "true")
    assert stand.opened == 1


def test_on_a_phone_one_pane_is_seen_at_a_time(page):
    page.set_viewport_size({"width": 390, "height": 844})
    open_live(page, "/frailejon/")
    expect(page.locator("#queue")).to_be_visible()
    expect(page.locator("#case")).to_be_hidden()
    page.locator("#row-3 a").click()
    expect(page.locator("#composer")).to_be_visible()
    expect(page.locator("#queue")).to_be_hidden()
    page.get_by_role("link", name="Cliente").click()
    expect(page.locator("#who")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_the_theme_is_kept_and_written_by_the_server(page):
    open_live(page)
    page.get_by_role("button", name="Cambiar entre claro y oscuro").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    answer = page.reload()
    assert 'data-theme="dark"' in answer.text()


def test_the_page_counts_down_with_the_servers_words(page):
    open_live(page)
    seconds = [0, 59, 192, 599, 600, 601, 1799, 1801, 3599, 3600, 11100, 86399, 172800, 200000]
    seconds += [-s for s in seconds if s]
    said = page.evaluate(
        "async (all) => { const w = await import('/static/js/lib/words.js');"
        " return all.map((s) => [w.leftWords(s), w.stateOf(s)]) }",
        seconds,
    )
    now = gallery.datetime.now(gallery.UTC)
    ours = [[clocks.left_words(s), clocks.state_of(now + gallery.timedelta(seconds=s), now)] for s in seconds]
    assert said == ours


def test_a_clock_that_runs_out_turns_red(page, stand):
    open_live(page)
    stand.push("row", **frame(newcomer(minutes=0.03, now=gallery.datetime.now(gallery.UTC))))
    expect(page.locator("#row-77 .clock-due")).to_be_visible()
    expect(page.locator("#row-77 .clock-overdue")).to_be_visible()
    expect(page.locator("#row-77 .clock .i-alert")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 390])
def test_nothing_is_out_of_reach(browser, stand, scheme, width):
    context = browser.new_context(
        base_url=stand.url, viewport={"width": width, "height": 844}, color_scheme=scheme
    )
    page = context.new_page()
    for path in ("/frailejon/", CASE):
        page.goto(path)
        found = Axe().run(page)
        bad = [(v["id"], v["nodes"][0]["html"][:160]) for v in found.response["violations"]]
        assert not bad, bad
    context.close()
