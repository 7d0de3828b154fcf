"""A signed call opens, references and updates cases; anything else is refused before it is read."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.push import client as redis
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.filings import Reference
from tickets.cases.models import Message, Ticket
from tickets.clocks.models import Clock
from tickets.doors.domain.keys import make_key, revoke_key, rotate_key
from tickets.doors.models import DoorCall, DoorKey
from tickets.doors.rules.signing import sign
from tickets.enums import ClockKind, TicketState

HERE = "/hooks/in/frailejon/"
CALL: dict[str, Any] = {
    "action": "open",
    "door": "phone",
    "customer": {"name": "Rosa Niño", "phone": "+57 310 4567890", "document": "CC 52123456"},
    "text": "me cobraron dos veces la cuota de manejo",
    "references": [{"system": "SAC", "number": "SAC-881", "state": "en estudio", "due_on": "2026-12-04"}],
}


class Centre:
    """A contact centre that signs what it tells."""

    def __init__(self, key: DoorKey, secret: str) -> None:
        self.key, self.secret, self.client = key, secret, Client()

    def tell(
        self, body: Any, *, to: str = HERE, nonce: str = "", at: float | None = None, **headers: str
    ) -> Any:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        nonce, at = nonce or uuid.uuid4().hex, int(at or clock.now().timestamp())
        signed = {
            "X-Circunflejo-Key": self.key.key_id,
            "X-Circunflejo-Timestamp": str(at),
            "X-Circunflejo-Nonce": nonce,
            "X-Circunflejo-Signature": sign(self.secret.encode(), at, nonce, raw),
        }
        return self.client.post(to, raw, content_type="application/json", headers=signed | headers)


@pytest.fixture
def centre(cast) -> Centre:
    for name in redis().scan_iter("cf:*:hook-in:*"):
        redis().delete(name)
    with tenant(cast.bank.pk):
        return Centre(*make_key(cast.bank, label="Genesys", by=cast.marta))


def only_case(cast) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("customer").get()


def error_of(answer: Any) -> dict[str, str]:
    return answer.json()["error"]


def test_call_opens_a_case_with_its_number_state_and_date(cast, centre):
    answer = centre.tell(CALL)

    ticket = only_case(cast)
    assert answer.status_code == 201
    assert answer.json()["result"] == "opened"
    assert answer.json()["case"]["radicado"] == ticket.radicado
    assert (ticket.channel, ticket.customer.name) == ("phone", "Rosa Niño")
    with tenant(cast.bank.pk):
        row = Reference.objects.get()
        line = AuditEvent.objects.get(action="ticket.registered")
    assert (row.system, row.number, row.state, str(row.due_on)) == (
        "sac",
        "SAC-881",
        "en estudio",
        "2026-12-04",
    )
    assert (line.actor_id, line.data["source"]) == (None, "hook")


def test_same_call_twice_is_answered_twice_and_done_once(cast, centre):
    first = centre.tell(CALL, nonce="nonce-0001")
    again = centre.tell(CALL, nonce="nonce-0001")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotent-Replay"] == "true"
    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == Message.objects.count() == 1


def test_nonce_with_another_body_is_refused(centre):
    centre.tell(CALL, nonce="nonce-0001")

    for other in ({"text": "otra cosa"}, {"kind": "de ningún tipo"}, {"references": [{"system": "sac"}]}):
        assert centre.tell(CALL | other, nonce="nonce-0001").status_code == 409


def test_new_call_about_the_same_number_is_news_of_its_case(cast, centre):
    centre.tell(CALL)
    news = CALL | {"references": [{"system": "sac", "number": "sac 881", "state": "en proveedor"}]}

    answer = centre.tell(news)

    assert (answer.status_code, answer.json()["result"]) == (200, "updated")
    only_case(cast)
    with tenant(cast.bank.pk):
        assert Reference.objects.get().state == "en proveedor"


def test_update_moves_the_date_and_resolves(cast, centre):
    centre.tell(CALL)
    due = (clock.now() + timedelta(days=3)).replace(microsecond=0)
    told = {"action": "update", "references": [{"system": "SAC", "number": "SAC-881"}]}

    centre.tell(told | {"due_at": due.isoformat()})
    with tenant(cast.bank.pk):
        assert Clock.objects.get(kind=ClockKind.COMMITMENT).due_at == due
    answer = centre.tell(told | {"resolved": True})

    assert answer.json()["case"]["state"] == TicketState.RESOLVED
    assert only_case(cast).state == TicketState.RESOLVED


def test_update_with_words_is_one_more_contact(cast, centre):
    centre.tell(CALL)

    answer = centre.tell(
        {
            "action": "update",
            "references": [{"system": "SAC", "number": "SAC-881"}],
            "text": "volvió a llamar",
        }
    )

    assert answer.json()["result"] == "joined"
    with tenant(cast.bank.pk):
        assert [m.text for m in Message.objects.order_by("pk")][-1] == "volvió a llamar"


def test_tweets_case_gets_a_number_of_the_crm(cast, centre):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    tweet = only_case(cast)

    answer = centre.tell(
        {"action": "reference", "case": tweet.radicado, "references": [{"system": "CRM", "number": "C-7"}]}
    )

    assert answer.status_code == 200
    with tenant(cast.bank.pk):
        assert Reference.objects.get().ticket_id == tweet.pk


def test_number_of_another_case_is_refused(cast, centre):
    first = centre.tell(CALL).json()["case"]
    other = centre.tell(CALL | {"references": [], "customer": {"name": "Luis"}}).json()["case"]
    assert first["number"] != other["number"]

    answer = centre.tell(
        {"action": "reference", "case": str(other["number"]), "references": CALL["references"]}
    )

    assert (answer.status_code, error_of(answer)["code"]) == (422, "taken")


@pytest.mark.parametrize(
    ("change", "code", "field"),
    [
        ({"action": "borrar"}, "not_one_of", "action"),
        ({"text": ""}, "missing", "text"),
        ({"texto": "hola"}, "unknown", "texto"),
        ({"text": ["hola"]}, "not_text", "text"),
        ({"text": "a" * 20_001}, "too_long", "text"),
        ({"kind": "insulto"}, "not_one_of", "kind"),
        ({"happened_at": "ayer"}, "not_a_moment", "happened_at"),
        ({"happened_at": "2026-11-20T10:00:00"}, "no_zone", "happened_at"),
        ({"happened_at": "2099-11-20T10:00:00Z"}, "in_the_future", "happened_at"),
        ({"happened_at": "1999-11-20T10:00:00Z"}, "too_old", "happened_at"),
        ({"due_at": "2020-11-20T10:00:00Z"}, "due_before", "due_at"),
        ({"resolved": "sí"}, "not_a_flag", "resolved"),
        ({"resolved": True}, "answer_needed", "answer"),
        ({"customer": "Rosa"}, "not_an_object", "customer"),
        ({"customer": {"phone": "123"}}, "phone", "customer.phone"),
        ({"customer": {"email": "rosa"}}, "email", "customer.email"),
        ({"customer": {"document": "??"}}, "check_digit", "customer.document"),
        ({"customer": {"cedula": "1"}}, "unknown", "customer.cedula"),
        ({"references": {"number": "1"}}, "not_a_list", "references"),
        ({"references": [{"system": "SAC"}]}, "missing", "references[0].number"),
        ({"references": [{"number": "1", "due_on": "mañana"}]}, "not_a_day", "references[0].due_on"),
        ({"references": [{"number": "--"}]}, "number", "references"),
    ],
)
def test_mistake_is_told_with_its_field_and_changes_nothing(cast, centre, change, code, field):
    answer = centre.tell(CALL | change, nonce="nonce-0001")

    assert answer.status_code == 422
    assert (error_of(answer)["code"], error_of(answer)["field"]) == (code, field)
    assert error_of(answer)["message"]
    with tenant(cast.bank.pk):
        assert not Ticket.objects.exists()
        assert not DoorCall.objects.exists()
    assert centre.tell(CALL, nonce="nonce-0001").status_code == 201


def test_unknown_number_or_case_is_not_found(centre):
    update = centre.tell({"action": "update", "references": [{"system": "SAC", "number": "X-1"}]})
    refer = centre.tell({"action": "reference", "case": "2026-999999", "references": CALL["references"]})

    assert (update.status_code, error_of(update)["code"]) == (404, "no_reference")
    assert (refer.status_code, error_of(refer)["code"]) == (404, "no_case")


@pytest.mark.parametrize("body", [b"", b"[]", b"nada", b'"x"', b"[" * 100_000, b"\xff\xfe"])
def test_signed_nonsense_is_told_apart_from_bad_signatures(centre, body):
    answer = centre.tell(body)

    assert (answer.status_code, error_of(answer)["code"]) == (400, "not_json")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Circunflejo-Signature": "v1=" + "0" * 64},
        {"X-Circunflejo-Signature": "nada"},
        {"X-Circunflejo-Signature": "v1=ñ"},
        {"X-Circunflejo-Key": "ffffffffffffffff"},
        {"X-Circunflejo-Nonce": "otro-nonce"},
        {"X-Circunflejo-Nonce": "x"},
        {"X-Circunflejo-Timestamp": "hoy"},
        {"X-Circunflejo-Timestamp": "9" * 40},
    ],
)
def test_badly_signed_call_is_refused_before_it_is_parsed(cast, centre, headers):
    for body in (CALL, b"[" * 100_000):
        assert centre.tell(body, **headers).status_code == 403
    with tenant(cast.bank.pk):
        assert not Ticket.objects.exists()


@pytest.mark.parametrize("seconds", [-330, 330, -86_400])
def test_old_call_and_one_from_the_future_are_refused(centre, seconds):
    answer = centre.tell(CALL, at=clock.now().timestamp() + seconds)

    assert (answer.status_code, error_of(answer)["code"]) == (403, "stale")


def test_key_of_one_organization_opens_nothing_in_another(cast, centre):
    assert centre.tell(CALL, to="/hooks/in/alisios/").status_code == 403
    assert centre.tell(CALL, to="/hooks/in/nadie/").status_code == 403
    assert centre.tell(CALL, to="/hooks/in/frailejon/mas/").status_code == 403
    with tenant(cast.airline.pk):
        assert not Ticket.objects.exists()


def test_case_of_another_organization_cannot_be_referred_to(cast, centre):
    number = centre.tell(CALL).json()["case"]["number"]
    with tenant(cast.airline.pk):
        theirs = Centre(*make_key(cast.airline, label="CRM", by=cast.carla))

    answer = theirs.tell(
        {"action": "reference", "case": str(number), "references": [{"number": "1"}]}, to="/hooks/in/alisios/"
    )

    assert answer.status_code == 404


def test_revoked_key_is_refused_and_a_replaced_one_goes_on_for_a_day(cast, centre):
    with tenant(cast.bank.pk):
        fresh = Centre(*rotate_key(centre.key, by=cast.marta))
    assert (centre.tell(CALL).status_code, fresh.tell(CALL).status_code) == (201, 200)
    with tenant(cast.bank.pk):
        DoorKey.objects.filter(pk=centre.key.pk).update(expires_at=clock.now() - timedelta(seconds=1))
        revoke_key(fresh.key, by=cast.marta)
    assert (centre.tell(CALL).status_code, fresh.tell(CALL).status_code) == (403, 403)


def test_secret_is_sealed_in_the_database(cast, centre):
    with tenant(cast.bank.pk):
        assert centre.secret.encode() not in bytes(DoorKey.objects.get().secret)


def test_too_large_too_many_and_the_wrong_verb_are_refused(centre, settings):
    assert centre.tell(b" " * (256 * 1024 + 1)).status_code == 413
    assert centre.client.get(HERE).status_code == 405
    settings.HOOK_IN_PER_MINUTE = 2
    codes = [centre.tell(CALL).status_code for _ in range(3)]
    assert codes == [201, 200, 429]


def test_guesses_of_a_signature_are_counted(centre, settings):
    settings.HOOK_IN_BAD_PER_MINUTE = 2
    codes = [centre.tell(CALL, **{"X-Circunflejo-Signature": "v1=" + "0" * 64}).status_code for _ in range(3)]
    assert codes == [403, 403, 429]


def test_card_number_told_by_another_system_is_cut(cast, centre):
    centre.tell(CALL | {"text": "tarjeta 4111 1111 1111 1111", "references": [
        {"number": "1", "state": "clave: 4821xx"},
    ]})  # fmt: skip

    with tenant(cast.bank.pk):
        words = Message.objects.get().text + Reference.objects.get().state
    assert "4111 1111" not in words
    assert "4821" not in words


def test_before_writing_under_a_tweet_the_call_of_the_same_person_is_seen(cast, centre, log_in):
    """care.md, story 4: the call told by the contact centre stands beside the tweet."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde"))
    tweet = only_case(cast)
    told = centre.tell(CALL | {"customer": {"handle": "dianam_rojas", "phone": "+57 310 4567890"}}).json()[
        "case"
    ]

    page = log_in(cast.juan).get(f"/frailejon/casos/{tweet.number}/").content.decode()

    assert told["radicado"] in page


def test_telling_the_same_thing_at_once_is_telling_it_once(transactional_db, cast):
    """Two calls with one nonce and two with one number, side by side."""
    with tenant(cast.bank.pk):
        centre = Centre(*make_key(cast.bank, label="Genesys", by=cast.marta))
    answers: list[int] = []

    def tell(nonce: str) -> None:
        other = Centre(centre.key, centre.secret)
        answers.append(other.tell(CALL, nonce=nonce).status_code)
        connection.close()

    threads = [
        threading.Thread(target=tell, args=(nonce,)) for nonce in ("nonce-0001", "nonce-0001", "nonce-0002")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert sorted(answers) in ([200, 201, 201], [200, 200, 201])
    only_case(cast)
