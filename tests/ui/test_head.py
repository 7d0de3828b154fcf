"""The head of a case: whose it is can always be read, and what is seldom done is one menu and one key away."""

import pytest
from playwright.sync_api import expect

from tests.ui import gallery
from tests.ui.test_browser import open_live, until
from tests.ui.test_races import hold

pytestmark = pytest.mark.browser
LONGEST = "María Fernanda del Socorro Villamizar-Echeverri"
LISTENERS = """() => {
  let heard = 0;
  const { addEventListener: add, removeEventListener: remove } = document;
  document.addEventListener = function (...all) { heard += all[0] === 'pointerdown'; return add.apply(this, all) };
  document.removeEventListener = function (...all) {
    heard -= all[0] === 'pointerdown';
    return remove.apply(this, all);
  };
  window.heard = () => heard;
}"""


def is_whole(page):
    return page.locator("#case-title").evaluate(
        "h => h.scrollWidth <= h.clientWidth && h.scrollHeight <= h.clientHeight && h.clientWidth >= 140"
    )


@pytest.mark.parametrize("width", [1440, 390])
def test_name_of_the_customer_is_never_cut(page, stand, monkeypatch, width):
    context = gallery.case_context()
    context["case"].name, context["case"].handle = LONGEST, "@mariafernandavillamizar"
    monkeypatch.setattr(gallery, "case_context", lambda **more: {**context, **more})
    page.set_viewport_size({"width": width, "height": 844})
    open_live(page)
    expect(page.locator("#case-title")).to_contain_text(LONGEST)
    assert is_whole(page)
    assert page.locator("#case-head .actions").evaluate("row => row.getBoundingClientRect().height") < 40
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_what_is_seldom_done_is_in_one_menu_that_the_keyboard_walks(page, stand):
    open_live(page)
    usual = page.locator("#case-head .actions > :is(details, form):not(.shut) > :is(summary, button):visible")
    expect(usual).to_have_count(5)
    page.keyboard.press("m")
    expect(page.locator("#case-more [data-menu=kind-menu]")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.locator("#case-more[open]")).to_have_count(0)
    expect(page.locator("#aside-menu button[name=reason]").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#aside-menu[open]")).to_have_count(0)
    expect(page.locator("#case-more > summary")).to_be_focused()
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator("#case-more > summary")).to_be_focused()


def test_keys_of_what_is_in_the_menu_act_while_it_is_closed(page, stand):
    open_live(page)
    for key, menu in (("q", "aside-menu"), ("c", "kind-menu")):
        page.keyboard.press(key)
        expect(page.locator(f"#{menu} .menu")).to_be_visible()
        box = page.locator(f"#{menu} .menu").bounding_box()
        assert box["x"] > 0
        assert box["x"] + box["width"] <= 1440
        page.keyboard.press("Escape")
    page.keyboard.press("b")
    until(page, lambda: ("POST", "/frailejon/cases/3/article/") in [asked[:2] for asked in stand.asked])
    page.keyboard.press("o")
    page.wait_for_url("**/cases/3/consult/")


def test_head_that_was_replaced_leaves_no_ears_behind(page, stand):
    page.add_init_script(f"({LISTENERS})()")
    open_live(page)
    before = page.evaluate("heard()")
    for version in (5, 6, 7):
        held = hold(page, "/frailejon/cases/3/")
        body = page.locator("#case-head").evaluate(
            "(head, v) => { const one = head.cloneNode(true); one.dataset.v = v; return one.outerHTML }",
            str(version),
        )
        stand.push("ticket", ticket=3, v=version)
        until(page, lambda held=held: held)
        held[0].fulfill(status=200, content_type="text/html", body=body)
        expect(page.locator(f'#case-head[data-v="{version}"]')).to_have_count(1)
        page.unroute_all(behavior="ignoreErrors")
    assert page.evaluate("heard()") == before
    page.keyboard.press("a")
    expect(page.locator("#case-head details[open]")).to_have_count(1)
    page.locator("#composer-text").click()
    expect(page.locator("#case-head details[open]")).to_have_count(0)


def test_refusal_leaves_the_head_there_and_is_said(page, stand):
    open_live(page)
    head = page.locator("#case-head").evaluate("head => head.outerHTML")
    held = hold(page, "/resolve/")
    page.keyboard.press("e")
    until(page, lambda: held)
    said = '{"toast": {"value": "Diga qu\\u00e9 falta.", "bad": true}}'
    held[0].fulfill(status=422, content_type="text/html", body=head, headers={"HX-Trigger": said})
    expect(page.locator(".toast-bad")).to_contain_text("Diga qué falta.")
    expect(page.locator("#case-title")).to_be_visible()
