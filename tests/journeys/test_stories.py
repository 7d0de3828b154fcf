"""What a buyer asks to be shown on the day of delivery (care.md 8): stories 4, 6 and 7. Story 1 is in test_weekend."""

from __future__ import annotations

import hashlib
import hmac
import json
import random
import re
import time
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from playwright.sync_api import expect

from tests.journeys.conftest import eventually

pytestmark = [pytest.mark.browser, pytest.mark.live]
REASON = "Comenta y no pide nada"
INSULT = "son unas ratas asquerosas"
COMPLAINT = "me cobraron dos veces la cuota de manejo de octubre"


def root_of(page: Any) -> str:
    return re.match(r".*//[^/]*/[^/]*", page.url)[0]


def somebody(control: Any, name: str, networks: tuple[str, ...] = ("x",)) -> dict[str, str]:
    """A person nobody heard of before, on these networks."""
    username = f"nueva{time.monotonic_ns() % 10**9}"
    return control("POST", "/customers", {"name": name, "username": username, "networks": list(networks)})


def tweet(control: Any, text: str, who: str) -> None:
    control("POST", "/x/posts", {"as": who, "text": f"@FrailejonAyuda {text}"})


def open_found(page: Any, word: str) -> None:
    """Open the case in which a word was said, however many others the queue shows before it."""

    def arrived() -> bool:
        page.goto(f"{root_of(page)}/casos/?q={word}")
        return page.locator("li[data-ticket]").count() == 1

    eventually(arrived)
    page.locator("li[data-ticket] a.row").click()
    expect(page.locator("#msgs")).to_contain_text(word)


def row_of(page: Any, words: str) -> Any:
    return page.locator("li[data-ticket]", has=page.locator("a.row", has_text=words))


def clocks_of(page: Any) -> dict[str, str]:
    """What the open case owes, by the name of the clock: instants that sort as text."""
    expect(page.locator("#case-head .clocks")).to_be_visible()
    return dict(
        page.locator("#case-head .clocks > div").evaluate_all(
            "all => all.map(d => [d.querySelector('dt').innerText, d.querySelector('.clock').dataset.due])"
        )
    )


def find(page: Any, words: str) -> Any:
    page.locator("input[name=q]").fill(words)
    page.locator("input[name=q]").press("Enter")
    expect(page.locator("#queue-title")).to_have_text("Resultados")
    return page.locator("li[data-ticket] a.row")


class Centre:
    """A contact centre with a key that an admin made for it on screen; it signs as the page says."""

    def __init__(self, house: dict[str, str], admin: Any) -> None:
        self.address = f"{house['BASE_URL']}/hooks/in/frailejon/"
        admin.goto(f"{house['BASE_URL']}/frailejon/ajustes/sistemas/")
        admin.locator("input[name=label]").fill(f"Centro {uuid.uuid4().hex[:6]}")
        admin.locator("button", has_text="Crear clave").click()
        self.key = admin.locator("#key-id").inner_text()
        self.secret = admin.locator("#key-secret").inner_text().encode()

    def tell(self, told: dict[str, Any]) -> dict[str, Any]:
        body, at, once = json.dumps(told).encode(), str(int(time.time())), uuid.uuid4().hex
        signature = hmac.new(self.secret, f"{at}.{once}.".encode() + body, hashlib.sha256).hexdigest()
        answer = requests.post(
            self.address,
            body,
            headers={
                "Content-Type": "application/json",
                "X-Circunflejo-Key": self.key,
                "X-Circunflejo-Timestamp": at,
                "X-Circunflejo-Nonce": once,
                "X-Circunflejo-Signature": f"v1={signature}",
            },
            timeout=10,
        )
        assert answer.status_code == 201, answer.text
        return answer.json()


def test_who_called_tweeted_and_wrote_on_messenger_is_one_case(console, control, house):
    """Story 4."""
    # Nobody else is called so, or they would be proposed as the same person too.
    surname = "".join(random.choices("bcdfghjklmnprstvz", k=7)).title()
    sac = f"SAC-{random.randrange(10**7, 10**8)}"
    due = datetime.now(UTC) + timedelta(days=12)
    centre = Centre(house, console("marta@frailejon.example", lands="**/ajustes/**"))
    called = centre.tell(
        {
            "action": "open",
            "door": "phone",
            "kind": "reclamo",
            "customer": {"name": f"Elvira {surname}", "phone": f"+57 31{time.monotonic_ns() % 10**8:08d}"},
            "text": "Le cobraron dos veces el mercado en el datáfono",
            "references": [{"system": "SAC", "number": sac, "due_on": f"{due:%Y-%m-%d}"}],
            "due_at": f"{datetime.now(UTC) + timedelta(minutes=50):%Y-%m-%dT%H:%M:%SZ}",
        }
    )["case"]
    person = somebody(control, f"Elvira {surname}", ("x", "facebook"))
    mark = f"z{time.monotonic_ns() % 10**9}"
    chat = f"¿qué pasó con el caso {sac}? sigo con el doble cobro {mark}chat"
    control("POST", "/facebook/messages", {"as": person["psid"], "page": "frailejon", "text": chat})
    agent = console()
    owed = {}
    open_found(agent, f"{mark}chat")
    owed["chat"] = clocks_of(agent)
    agent.goto(f"{root_of(agent)}/casos/{called['number']}/")
    owed["call"] = clocks_of(agent)
    tweet(control, f"con el {sac} no hay nada y el doble cobro sigue ahí {mark}trino", person["username"])
    open_found(agent, f"{mark}trino")
    owed["tweet"] = clocks_of(agent)
    here, own = agent.url, agent.locator("#case-head .radicado").first.inner_text()

    # Before a word is written: the case of the call, its numbers and the day it was promised for.
    likely = agent.locator("#case-likely li", has_text=called["radicado"])
    expect(likely).to_contain_text(sac)
    expect(likely).to_contain_text("comprometido para")
    expect(likely).to_contain_text(str(due.day))
    expect(agent.locator("#composer-text")).to_have_value("")

    # «Escríbanos por DM» is stopped, the words stay, and nothing left.
    agent.keyboard.press("r")
    agent.keyboard.type("Elvira, escríbanos por DM con su número")
    agent.keyboard.press("Control+Enter")
    expect(agent.locator(".stop")).to_contain_text(sac)
    expect(agent.locator("#composer-text")).to_have_value("Elvira, escríbanos por DM con su número")
    expect(agent.locator("#msgs .msg-ours", has_text="escríbanos")).to_have_count(0)
    agent.locator("#composer-text").fill("")

    # Nothing verified proves that they are one person: who may say so by themselves does, by keyboard.
    supervisor = console("paola@frailejon.example")
    supervisor.goto(here)
    expect(supervisor.locator("#who-same")).to_be_visible()
    for done in (1, 2):
        supervisor.keyboard.press("x")
        expect(supervisor.locator(".same", has_text="Unidos")).to_have_count(done)

    # One key joins, and the strictest of what each one owed stays.
    agent.goto(here)
    beside = agent.locator("#case-banner .open-cases li")
    expect(beside).to_have_count(2)
    for left in (1, 0):
        agent.keyboard.press("u")
        expect(beside).to_have_count(left)
    strictest = {
        name: min(one[name] for one in owed.values() if name in one)
        for name in {name for one in owed.values() for name in one}
    }
    assert clocks_of(agent) == strictest
    assert strictest != owed["tweet"]

    # Every number finds the one case that is left.
    number = re.search(r"/casos/(\d+)/", here)[1]
    for asked in (sac, called["radicado"], own):
        expect(find(agent, asked)).to_have_count(1)
        expect(find(agent, asked)).to_have_attribute("href", f"/frailejon/casos/{number}/")

    # And it is undone: the call is a case again, with its own clocks.
    agent.goto(here)
    agent.keyboard.press("m")
    agent.locator("#case-head button[form=undo-move]").press("Enter")
    expect(beside).to_have_count(1)
    expect(find(agent, called["radicado"])).to_have_attribute("href", f"/frailejon/casos/{called['number']}/")
    agent.goto(f"{root_of(agent)}/casos/{called['number']}/")
    assert clocks_of(agent) == owed["call"]


def put_aside(page: Any, word: str) -> tuple[int, str]:
    """The case with this word is closed by keyboard: its key in the database, and its address."""
    open_found(page, word)
    key = int(page.locator("#case").get_attribute("data-ticket"))
    address = root_of(page) + re.search(r"/casos/\d+/", page.url)[0]
    page.locator("#case-head").click(position={"x": 2, "y": 2})
    page.keyboard.press("q")
    page.get_by_role("button", name=REASON).press("Enter")
    expect(page.locator(".toast", has_text="no requiere atención")).to_be_visible()
    return key, address


def test_insult_without_a_motive_is_closed_in_silence_and_the_complaint_after_it_counts_as_any(
    console, control
):
    """Story 6."""
    agent, mark = console(), f"z{time.monotonic_ns() % 10**9}"
    people = [somebody(control, f"Ramiro Peña {n}")["username"] for n in range(5)]
    for n, who in enumerate(people):
        tweet(control, f"{INSULT} {mark}{n}", who)
    closed = [put_aside(agent, f"{mark}{n}") for n in range(5)]
    expect(row_of(agent, mark)).to_have_count(0)

    # Who and why are kept, in the case and in the list of what was put aside; nothing was said to anybody.
    agent.goto(closed[0][1])
    expect(agent.locator("#case-head .clocks")).to_have_count(0)
    expect(agent.locator("#msgs")).to_contain_text("Juan Carlos Rincón dijo que no requiere atención")
    expect(agent.locator("#msgs .msg-ours")).to_have_count(0)
    agent.goto(f"{root_of(agent)}/sin-atencion/?lista=apartados")
    why = agent.locator("[data-noise]", has_text=f"{mark}0").locator(".why")
    expect(why).to_contain_text("Juan Carlos")
    expect(why).to_contain_text(REASON)
    ours = [
        p["raw"] for p in control("GET", "/posts")["posts"] if p["reply_user"] and p["raw"].endswith("^JC")
    ]
    assert not [said for said in ours if mark in said or any(who in said for who in people)]

    # One in five goes past somebody else, never past who judged it.
    expect(agent.get_by_role("link", name="Muestra por revisar")).to_have_count(0)
    assert agent.goto(f"{root_of(agent)}/sin-atencion/?lista=muestra").status == 403
    supervisor = console("paola@frailejon.example")
    supervisor.goto(f"{root_of(supervisor)}/sin-atencion/?lista=muestra")
    drawn = [n for n, (key, _address) in enumerate(closed) if key % 5 == 0]
    assert len(drawn) == 1
    again = supervisor.locator("[data-noise]", has_text=mark)
    expect(again).to_have_count(1)
    expect(again).to_contain_text(f"{mark}{drawn[0]}")
    again.get_by_role("button", name="Bien juzgado").click()
    expect(supervisor.locator(".noise-done")).to_contain_text("Bien juzgado")

    # What the same person complains of afterwards is anybody's complaint.
    other = somebody(control, "Otilia Vargas")["username"]
    owed = []
    for n, who in enumerate((people[0], other)):
        tweet(control, f"{COMPLAINT} {mark}queja{n}", who)
        open_found(agent, f"{mark}queja{n}")
        expect(agent.locator("#case-head .case-marks")).to_have_count(0)
        expect(row_of(agent, f"{mark}queja{n}").locator(".tag-alta")).to_have_count(0)
        titles = agent.locator("#case-head .clocks .clock").evaluate_all("all => all.map(c => c.title)")
        assert any("prioridad media" in title for title in titles)
        owed.append(titles)
    assert owed[0] == owed[1]


def test_a_trainees_answer_waits_for_another_and_is_signed_by_her_alone(console, control, stranger):
    """Story 7. Five minutes are not waited for: that is said to whoever may approve only after them."""
    trainee, supervisor = console("andres@frailejon.example"), console("paola@frailejon.example")
    agent = console()
    supervisor.keyboard.press("z")
    supervisor.locator("#presence button", has_text="Disponible").click()
    mark = f"z{time.monotonic_ns() % 10**9}"
    tweet(control, f"¿la oficina de Chía abre el domingo? {mark}", stranger)
    open_found(supervisor, mark)
    number = re.search(r"/casos/(\d+)/", supervisor.url)[1]
    supervisor.keyboard.press("a")
    supervisor.locator("#case-head button[name=assignee]", has_text="Andrés").click()
    expect(supervisor.locator("#case-head summary[data-key=a]")).to_contain_text("AT")
    open_found(trainee, mark)
    trainee.locator("#composer-text").fill(f"Sí, abre de 9:00 a 13:00. {mark}")
    trainee.locator("#composer-text").press("Control+Enter")

    # Nothing leaves. Who may approve sees it wait, beside a clock that has not stopped.
    for page in (trainee, supervisor):
        said = page.locator("#msgs .msg-ours", has_text=mark)
        expect(said).to_have_attribute("data-state", "awaiting_approval", timeout=10_000)
    running = supervisor.locator("#case-head .clocks .clock[data-ticks]").first
    expect(running.locator(".left")).to_have_text(re.compile(r"\d"))
    assert running.get_attribute("data-due") > f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}"
    assert [p for p in control("GET", "/posts")["posts"] if mark in p["raw"] and "^" in p["raw"]] == []

    # Her own supervisor is there, so it is theirs first; the other one reads from when on it is anybody's.
    other = console("hernan@frailejon.example")
    other.goto(f"{root_of(other)}/por-aprobar/")
    waits = other.locator(".approval", has_text=mark)
    expect(waits).to_contain_text("le toca primero a su supervisor, hasta")
    expect(waits.get_by_role("button", name="Aprobar y enviar")).to_have_count(0)
    expect(waits.locator(".clock").first).to_be_visible()

    # Neither who wrote it nor who may not approve can let it out.
    open_found(agent, mark)
    for page in (trainee, agent):
        expect(page.locator("#msgs .msg-ours", has_text=mark)).to_be_visible()
        expect(page.locator("#msgs form[action$='approve/']")).to_be_hidden()
    approve = supervisor.locator("#msgs form[action$='approve/'] button")
    expect(approve).to_be_visible()
    approve.click()
    for page in (trainee, supervisor):
        expect(page.locator("#msgs .msg-ours", has_text=mark)).to_have_attribute(
            "data-state", "sent", timeout=15_000
        )
    posts = eventually(lambda: [p for p in control("GET", "/posts")["posts"] if f"13:00. {mark}" in p["raw"]])
    assert [post["raw"].rpartition("^")[2] for post in posts] == ["AT"]

    # Both are written down.
    supervisor.goto(f"{root_of(supervisor)}/ajustes/bitacora/")
    of_case = supervisor.locator(f"a.radicado[href$='/casos/{number}/']")
    for said, initials in (("Escribió una respuesta", "AT"), ("Aprobó una respuesta", "PM")):
        line = (
            supervisor.locator("ol.lines li", has=of_case)
            .filter(has_text=said)
            .filter(has=supervisor.locator(".agent", has_text=initials))
        )
        expect(line).to_have_count(1)
