"""A supervisor at the board: a case passed on by one key before it is late; the app goes down (care.md 8, story 2)."""

from __future__ import annotations

import time

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_stories import open_found

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(180)]
FRAUD = "me clonaron la tarjeta débito y sacaron 800 mil en un cajero"
OUTAGE = (
    "la app no abre desde las 10", "no me abre la app, ayuda", "app caída, no abre nada", "¿se cayó la app? no abre",
    "la app no abre y tengo que pagar", "la app no abre, ¿hasta cuándo?", "no abre la app del banco",
    "la app no abre hoy",
)  # fmt: skip


def somebody(control, name: str) -> str:
    username = f"{name.lower()}{time.monotonic_ns() % 10**9}"
    control("POST", "/customers", {"name": f"{name} Rojas", "username": username, "networks": ["x"]})
    return username


def violations(page) -> list:
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa"]}).response["violations"]
    return [(one["id"], [node["html"] for node in one["nodes"]][:2]) for one in found]


def board_of(page, house, org: str = "frailejon"):
    page.goto(f"{house['BASE_URL']}/{org}/tablero/")
    return page


def test_case_is_passed_on_by_one_key_before_it_is_late_and_taken_back(house, console, control, stranger):
    mark = f"z{time.monotonic_ns() % 10**9}"
    agent = console("juancarlos@frailejon.example")
    expect(agent.locator("#live")).to_have_text("En vivo")
    paola = board_of(console("paola@frailejon.example"), house)
    control("POST", "/x/posts", {"as": stranger, "text": f"@FrailejonAyuda {mark} {FRAUD}"})

    # It comes by itself: due in a quarter of an hour, nobody's, with somebody who is there and a key.
    row = paola.locator("tr", has_text=mark)
    button = row.get_by_role("button", name="Pasar a")
    expect(button).to_be_visible(timeout=30_000)
    to = button.inner_text().removeprefix("Pasar a ").split("\n")[0].rstrip(" 123456789")
    paola.keyboard.press(button.get_attribute("data-key"))

    expect(paola.locator("#toasts")).to_contain_text(f"pasó a {to}")
    expect(row.locator(".agent")).to_have_attribute("title", to)

    paola.keyboard.press("u")
    expect(paola.locator("#toasts")).to_contain_text("volvió a la cola de todos")
    expect(row.locator(".agent[data-none]")).to_be_visible()


def test_the_app_goes_down(house, console, control):
    mark = f"z{time.monotonic_ns() % 10**9}"
    agent = console("juancarlos@frailejon.example")
    # More than the five the rule asks for: one may join what its words resemble more.
    # Names of this run alone: whatever else the house has heard is alike too.
    names = [f"{name}{mark}" for name in ("Ana", "Luz", "Wilmer", "Diana", "Gloria", "Saúl", "Inés", "Iván")]
    people = [somebody(control, name) for name in names]
    for who, text in zip(people, OUTAGE, strict=True):
        control("POST", "/x/posts", {"as": who, "text": f"@FrailejonAyuda {text}"})
    victim = somebody(control, "Mauricio")
    control("POST", "/x/posts", {"as": victim, "text": f"@FrailejonAyuda {mark} {FRAUD}"})

    # Enough are alike: the board proposes it; nobody has a cause or an estimate, and none is asked for.
    paola = board_of(console("paola@frailejon.example"), house)
    alike = paola.locator("aside", has_text="casos parecidos en @FrailejonAyuda")
    proposal = alike.filter(has_text="app")
    expect(proposal).to_be_visible(timeout=80_000)
    assert violations(paola) == []
    proposal.get_by_role("link", name="Revisar").click()
    paola.get_by_role("link", name="Declarar novedad").click()
    paola.fill("#id_title", f"La app no abre {mark}")
    paola.fill("#id_situation", "Desde las 10:15 muchos clientes no pueden entrar a la app.")
    paola.fill("#id_measures", "Trabajamos en ello. La sucursal virtual funciona.")
    paola.fill("#id_statement", "{nombre}, la app está caída y ya trabajamos en ello.")
    paola.get_by_role("button", name="Declarar novedad").click()
    expect(paola.locator("h1")).to_have_text(f"La app no abre {mark}")
    address = paola.url

    # The sentence stands in every composer.
    open_found(agent, mark)
    expect(agent.locator("#case-pinned")).to_contain_text("la app está caída y ya trabajamos en ello")

    # One notice, approved by somebody else.
    paola.get_by_role("button", name="Pedir que se publique").click()
    expect(paola.get_by_role("button", name="Aprobar y publicar")).to_have_count(0)
    luisa = console("luisa@frailejon.example")
    luisa.goto(address)
    luisa.get_by_role("button", name="Aprobar y publicar").click()
    expect(luisa.locator("#toasts")).to_contain_text("El aviso quedó publicado")

    # Everybody is answered by name, but for one who is unticked; the fraud does not wait for them.
    paola.goto(f"{address}respuestas/")
    paola.get_by_role("button", name="Revisar lo que leerá cada uno").click()
    assert violations(paola) == []
    paola.locator("li.alike-row", has_text=names[-1]).locator("input").uncheck()
    paola.get_by_role("button", name="Enviar a los marcados").click()
    agent.fill("#composer-text", f"Mauricio, ya bloqueamos la tarjeta. {mark}")
    agent.press("#composer-text", "Control+Enter")

    def said() -> list[str]:
        return [post["raw"] for post in control("GET", "/posts")["posts"]]

    eventually(lambda: any(f"ya bloqueamos la tarjeta. {mark}" in raw for raw in said()))
    for name in names[:-1]:
        eventually(lambda name=name: any(f"{name}, la app está caída" in raw for raw in said()), 40)
    assert not any(f"{names[-1]}, la app está caída" in raw for raw in said())

    # Who looks for more of them is shown the words they share.
    paola.goto(f"{address}casos/")
    assert violations(paola) == []

    # It is not over without what keeps it from happening again.
    paola.goto(address)
    paola.get_by_role("button", name="Cerrar la novedad").click()
    expect(paola.get_by_role("alert")).to_contain_text("qué medidas se toman para que no se repita")
    paola.fill("#prevention", "Doble revisión antes de cada despliegue.")
    paola.get_by_role("button", name="Cerrar la novedad").click()
    expect(paola.get_by_role("button", name="Reabrir")).to_be_visible()
