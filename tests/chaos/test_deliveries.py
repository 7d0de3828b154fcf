"""Webhooks lost, doubled and out of order while polls fill the gaps; credits counted as the network counts them."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import defaultdict
from typing import Any

import pytest

from tests.chaos.conftest import ROOT, Night, eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]
PEOPLE_X = ("dianamrojas", "sebasgil_", "natabernal", "caro_quintero")
PEOPLE_FB = ("Diana Marcela Rojas", "Jhon Fredy Cárdenas", "Rosario Peña")
SETTLE = (
    "import django; django.setup(); from channels_social.domain.billing import settle_pushed; settle_pushed()"
)


def speak(night: Night, rounds: int, mark: str) -> dict[str, set[str]]:
    """Conversations on four channels, told at once; external ids of what was said, by conversation."""
    dice, said = random.Random(mark), defaultdict(set)
    last: dict[str, str] = {}
    for n in range(rounds):
        who, fb = PEOPLE_X[n % len(PEOPLE_X)], PEOPLE_FB[n % len(PEOPLE_FB)]
        form: dict[str, Any] = {"as_": who, "text": f"@FrailejonAyuda {mark} pregunta {n}"}
        if who in last and dice.random() < 0.6:
            form |= {"reply_to": last[who], "text": f"@FrailejonAyuda {mark} insisto {n}"}
        post = night.control("POST", "/x/posts", **form)
        last[who] = post["id"]
        said[f"{post['conversation_id']}:{post['author_id']}"].add(post["id"])
        dm = night.control("POST", "/x/dms", as_=who, to="FrailejonAyuda", text=f"{mark} en privado {n}")
        said[dm["conversation_id"]].add(str(dm["id"]))
        comment = night.control(
            "POST", "/facebook/comments", as_=fb, page="frailejon", message=f"{mark} comento {n}"
        )
        said[f"{comment['id']}:{comment['author_id']}"].add(comment["id"])
        message = night.control(
            "POST", "/facebook/messages", as_=fb, page="frailejon", text=f"{mark} escribo {n}"
        )
        said[f"{message['page_id']}:{message['psid']}"].add(message["mid"])
    return said


def heard(night: Night, mark: str) -> dict[str, set[str]]:
    found = defaultdict(set)
    sql = (
        "SELECT v.thread_key, m.external_id FROM tickets_message m JOIN tickets_conversation v "
        "ON v.id = m.conversation_id WHERE m.text LIKE %s"
    )
    for thread, number in night.rows(sql, f"%{mark}%"):
        found[thread].add(number)
    return found


def test_credits_equal_the_ledger_of_the_network(night: Night) -> None:
    """Posts written with and without a link, messages, what was read and what was pushed: cent by cent.

    First of all: the network also charges for deliveries that got lost on their way, which nobody can see.
    """
    speak(night, 4, "cuenta")
    number = night.case_of("cuenta pregunta 0")
    night.answer(number, "Respuesta pagada.")
    eventually(lambda: night.action("Respuesta pagada").get("state") == "sent")
    night.answer(number, "Vea https://frailejon.example/ayuda pagada.")
    eventually(lambda: night.action("ayuda pagada").get("state") == "sent")
    night.answer(number, "Respuesta privada pagada.", mode="private")
    eventually(lambda: night.action("privada pagada").get("state") == "sent")

    # Until neither side moves: polls go on reading what is free by now.
    eventually(lambda: same_bill(night), 40)


def same_bill(night: Night) -> bool:
    given = (
        os.environ | night.env | {"DATABASE_ROLE": "worker", "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    )
    subprocess.run([sys.executable, "-c", SETTLE], cwd=ROOT, env=given, check=True)
    ours, theirs = bill(night), ledger(night)
    return ours == theirs and sum(ours.values()) > 0


def bill(night: Night) -> dict[str, int]:
    """Millionths of a dollar by account and kind, as the desk counts them."""
    sql = (
        "SELECT a.external_id || ' ' || s.kind, sum(s.micros)::bigint FROM channels_social_creditspend s "
        "JOIN channels_social_socialaccount a ON a.id = s.account_id WHERE a.network = 'x' GROUP BY 1"
    )
    return dict(night.rows(sql))


def ledger(night: Night) -> dict[str, int]:
    lines = night.control("GET", "/ledger")["lines"]
    return {f"{line['account']} {line['kind']}": round(line["usd"] * 1e6) for line in lines}


def test_lost_doubled_and_disordered_webhooks_lose_and_double_nothing(night: Night) -> None:
    night.control("PUT", "/faults", seed=7, all={
        "lose_webhooks": {"fraction": 0.3},
        "duplicate_webhooks": {"fraction": 0.5},
        "reorder_webhooks": {"seconds": 2},
    })  # fmt: skip

    said = speak(night, 12, "revuelto")

    total = sum(map(len, said.values()))
    assert total == 48
    eventually(lambda: sum(map(len, heard(night, "revuelto").values())) >= total, 40)
    assert heard(night, "revuelto") == said
    doubled = (
        "SELECT external_id FROM tickets_message WHERE external_id IS NOT NULL "
        "GROUP BY organization_id, network, external_id HAVING count(*) > 1"
    )
    assert night.rows(doubled) == []
    assert night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'quarantined'") == 0


def test_without_any_webhook_polls_bring_everything(night: Night) -> None:
    night.control("PUT", "/faults", all={"webhooks_off": True})

    said = speak(night, 3, "sordo")

    eventually(lambda: heard(night, "sordo") == said, 40)
