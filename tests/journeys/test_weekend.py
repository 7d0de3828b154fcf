"""Story 1 of care.md 8: a weekend of messages, and the inbox of Monday. 120 of them stand for the 3,000.

What the story says of a guard that is told, and of a board that says how many will be late, is not there yet.
"""

from __future__ import annotations

import itertools
import re
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import answer, resolve
from tests.journeys.test_stories import find, open_found, root_of, row_of, somebody

pytestmark = [pytest.mark.browser, pytest.mark.live, pytest.mark.timeout(240)]
# Of 3,000: 26 % noise, 250 who write again, 12 frauds; here 31, 10 and 3, of whom one writes three times.
NOISE, AGAIN, ORDINARY, THANKS, ALL = 31, 10, 68, 6, 120
AGO = timedelta(hours=41)
NOISES = (
    "Las acciones del banco suben 3 % tras anunciar la fusión, según analistas https://t.co/b #Bolsa",
    "buenos días a todos, feliz domingo #FelizDomingo",
    "¡Participa y gana un iPhone! Síguenos y comenta con tres amigos #sorteo https://t.co/x",
)
ORDINARIES = (
    "me cobraron dos veces la cuota de manejo",
    "¿a qué hora abren la oficina de Chapinero?",
    "¿cuáles son los requisitos para abrir una cuenta?",
    "¿tienen oficina en Zipaquirá?",
)
REITERATIONS = ("sigo esperando, nadie me responde", "ya van dos días y nada que me solucionan")
FRAUDS = (
    "me clonaron la tarjeta débito y sacaron 800 mil en un cajero de Cali",
    "alguien suplantó mi identidad y sacó un crédito a mi nombre",
    "me hicieron un retiro que yo no hice, bloqueen la tarjeta ya",
)
COURTESIES = ("muchas gracias", "gracias, muy amables", "listo, gracias")


class Weekend:
    """Everybody who writes, each with a word of their own by which their message is found."""

    def __init__(self, control: Any) -> None:
        self.control, self.mark = control, f"z{time.monotonic_ns() % 10**8}"
        self.began = datetime.now(UTC) - AGO
        self.said: list[tuple[str, str]] = []
        self.seconds = itertools.count()

    def everybody(self) -> None:
        with ThreadPoolExecutor(4) as four:
            names = [f"{kind} {n}" for kind, most in PEOPLE for n in range(most)]
            people = dict(zip(names, four.map(lambda name: somebody(self.control, name), names), strict=True))
        self.people = {name: one["username"] for name, one in people.items()}

    def write(self, who: str, text: str, word: str) -> None:
        """Said on Saturday, one after the other."""
        when = self.began + timedelta(seconds=2 * next(self.seconds))
        self._post(who, f"{text} {self.mark}{word}", created_at=when.isoformat())

    def thank(self, who: str, text: str) -> None:
        """Said just now, and nothing besides: a word more would be something to read."""
        self._post(who, text)

    def _post(self, who: str, text: str, **more: Any) -> None:
        told = {"as": self.people[who], "text": f"@FrailejonAyuda {text}"}
        self.control("POST", "/x/posts", told | more)
        self.said.append((who, text))


PEOPLE = (("Ruido", 8), ("Cliente", ORDINARY), ("Fraude", len(FRAUDS)), ("Amable", THANKS))


def number_of(page: Any, key: str) -> int:
    """A figure of a tab, which hides when it is nothing."""
    return int(page.locator(f"[data-count={key}]").first.inner_text() or 0)


def test_on_monday_the_inbox_holds_what_waits_and_frauds_come_first(console, control):
    page, weekend = console(), Weekend(control)
    weekend.everybody()
    mark = weekend.mark
    # Before the weekend somebody was answered and their case resolved: who thanks for it reopens nothing.
    chat = somebody(control, "Amable 0", ("facebook",))["psid"]
    messenger = {"as": chat, "page": "frailejon"}
    control("POST", "/facebook/messages", messenger | {"text": f"¿cómo cambio mi clave? {mark}antes"})
    open_found(page, f"{mark}antes")
    thanked = root_of(page) + re.search(r"/casos/\d+/", page.url)[0]
    answer(page, f"Desde la app, en Seguridad. {mark}")
    page.goto(thanked)
    resolve(page)
    page.goto(f"{root_of(page)}/casos/")
    before = number_of(page, "open")

    for n in range(ORDINARY):
        weekend.write(f"Cliente {n}", ORDINARIES[n % 4], f"q{n}")
    for n in range(NOISE):
        weekend.write(f"Ruido {n % 8}", NOISES[n % 3], f"ruido{n}")
    for n in range(AGAIN):
        weekend.write(f"Cliente {n}", REITERATIONS[n % 2], f"otravez{n}")
    for n, text in enumerate(FRAUDS):
        weekend.write(f"Fraude {n}", text, f"fraude{n}")
    for n in range(2):
        weekend.write("Fraude 0", REITERATIONS[n], f"fraudeotravez{n}")
    control("POST", "/facebook/messages", messenger | {"text": COURTESIES[0]})
    for n in range(1, THANKS):
        weekend.thank(f"Amable {n}", COURTESIES[n % 3])
    assert len(weekend.said) == ALL - 1

    # Monday. The tab counts the cases of those who ask for something, and of nobody else.
    expected = ORDINARY + len(FRAUDS)
    eventually(lambda: number_of(page, "open") - before >= expected, 60)
    noise = f"{root_of(page)}/sin-atencion/?q="

    def sifted() -> bool:
        page.goto(f"{noise}{mark}ruido{NOISE - 1}")
        return page.locator("[data-noise]").count() == 1

    eventually(sifted, 30)
    expect(page.locator("[data-noise] .why")).to_contain_text("«")
    page.goto(f"{root_of(page)}/casos/")
    assert number_of(page, "open") - before == expected
    for word in (f"{mark}ruido0", f"{mark}ruido{NOISE - 1}", f"@{weekend.people['Amable 1']}"):
        expect(find(page, word)).to_have_count(0)

    # Who wrote again is inside their case.
    for n in (0, AGAIN - 1):
        expect(find(page, f"{mark}otravez{n}")).to_have_count(1)
        page.locator("li[data-ticket] a.row").click()
        for word in (f"q{n}", f"otravez{n}"):
            expect(page.locator("#msgs .msg", has_text=f"{mark}{word}")).to_have_count(1)

    # Frauds first of all that the weekend brought, and why: what they say, and what they have been through.
    page.goto(f"{root_of(page)}/casos/")
    words = page.locator("li[data-ticket] .last").all_inner_texts()
    theirs = [text for text in words if mark in text]
    assert len(theirs) >= len(FRAUDS)
    assert all("fraude" in text.split(mark)[1] for text in theirs[: len(FRAUDS)])
    assert not any("fraude" in text.split(mark)[1] for text in theirs[len(FRAUDS) :])
    row = row_of(page, f"{mark}fraudeotravez1")
    expect(row.locator(".tag-alta")).to_have_text("Crítica")
    # They have waited since Saturday: hours on the wall, whatever the office hours were.
    waited = row.locator("time[data-ago]")
    assert abs(datetime.fromisoformat(waited.get_attribute("datetime")) - weekend.began) < timedelta(
        minutes=10
    )
    expect(waited).to_have_text(re.compile(r"^4[01]\sh$"))
    worked = int(re.search(r"hábil (\d+)", row.locator(".worked").inner_text())[1])
    assert worked < 41
    row.locator("a.row").click()
    why = page.locator("#case-head .tag-alta").first.get_attribute("title")
    assert "me clonaron" in why
    assert "tercer mensaje sin respuesta" in why

    # «Gracias» opened nothing and reopened nothing; it stands where it was said.
    page.goto(thanked)
    expect(page.locator("#msgs .msg").last).to_contain_text("muchas gracias")
    expect(page.locator("#case-head")).to_contain_text("Resuelto")
    expect(page.locator("#case-head button[data-key=e]")).to_have_text("Reabrir E")
