"""Saying what a case is about, by keyboard; and the tree as an admin keeps it, by hand and by mouse."""

from __future__ import annotations

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.test_channels import open_case_of

pytestmark = [pytest.mark.browser, pytest.mark.live]
MARTA = "marta@frailejon.example"


def tweet(control, text: str, who: str) -> None:
    control("POST", "/x/posts", {"as": who, "text": f"@FrailejonAyuda {text}"})


@pytest.fixture
def settings_page(house, console):
    """Marta, who administers, at the tree."""
    page = console(MARTA, lands="**/ajustes/**")
    page.goto(f"{house['BASE_URL']}/frailejon/ajustes/tipificacion/")
    return page


def test_a_filed_case_is_resolved_with_four_keys_pressed_at_once(console, control):
    page = console()
    tweet(control, "me cobraron dos veces el mercado del martes", "dianamrojas")
    open_case_of(page, "mercado del martes")
    page.locator("body").click(position={"x": 5, "y": 300})
    for key in ("e", "1", "4", "1"):
        page.keyboard.press(key)

    head = page.locator("#case-head")
    expect(head).to_contain_text("Resuelto")
    expect(head).to_contain_text("Doble cobro")


def test_the_full_list_is_searched_by_writing(console, control):
    page = console()
    tweet(control, "buenas, una preguntica", "natabernal")
    open_case_of(page, "una preguntica")
    page.keyboard.press("t")
    expect(page.locator("#typify form[data-begun]")).to_be_visible()
    page.keyboard.type("clonó")
    expect(page.locator("[data-unfound]")).to_be_visible()
    page.keyboard.press("Control+a")
    page.keyboard.type("nomina lleg")
    page.keyboard.press("Enter")

    expect(page.locator("#case-head")).to_contain_text("Nómina no llegó")
    expect(page.locator("#case-head")).to_contain_text("Subir a prioridad crítica")


def test_a_name_is_moved_by_keyboard_and_by_mouse_and_published(settings_page):
    page = settings_page
    rows = page.locator("[data-parent=motive-documentos] .tree-name b")
    before = rows.all_inner_texts()
    page.locator("#edit-motive-certificado").focus()
    page.keyboard.press("Alt+ArrowDown")
    expect(rows.first).to_have_text(before[1])
    expect(page.locator("#down-motive-certificado")).to_be_focused()

    page.locator("li[data-key=motive-paz-y-salvo]").drag_to(page.locator("li[data-key=motive-extracto]"))
    expect(rows.first).to_have_text("Paz y salvo")
    expect(page.locator("#t-draft")).to_be_visible()

    page.locator("button[value=publish]").click()
    expect(page.locator("main")).to_contain_text(re.compile(r"Versión \d+ en uso"))
    expect(page.locator("#t-draft")).to_have_count(0)
    expect(rows.first).to_have_text("Paz y salvo")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (390, 844)], ids=["wide", "narrow"])
def test_tree_and_panel_are_accessible(console, control, settings_page, stranger, scheme, size):
    tree = settings_page
    tree.emulate_media(color_scheme=scheme)
    tree.set_viewport_size({"width": size[0], "height": size[1]})
    page = console(color_scheme=scheme)
    tweet(control, "¿cómo pago con la llave?", stranger)
    open_case_of(page, "con la llave")
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.keyboard.press("t")
    expect(page.locator("#typify form[data-begun]")).to_be_visible()

    for one in (tree, page):
        found = Axe().run(one).response["violations"]
        assert [(v["id"], [n["target"] for n in v["nodes"]][:3]) for v in found] == []
        assert one.evaluate("document.documentElement.scrollWidth") <= size[0]
