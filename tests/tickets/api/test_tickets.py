"""Cases by REST: opened, changed by the desk's own verbs, once per key, by pages."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.tokens import Scope
from tests.stories import hear, mention
from tickets.cases.models import Message, Note, Ticket
from tickets.clocks.models import Clock
from tickets.customers.models import Customer, Identity

MATTER = {
    "text": "me cobraron dos veces la cuota de manejo",
    "door": "phone",
    "customer": {"name": "Rosa Niño", "phone": "+57 310 4567890"},
    "references": [{"system": "crm", "number": "CRM-778"}],
}


@pytest.fixture
def number(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde"))
    with tenant(cast.bank.pk):
        return Ticket.objects.get().number


def test_case_opened_by_the_api_is_a_case_like_any_other(cast, speak):
    speaker = speak()

    answer = speaker("post", "tickets/", MATTER)

    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert (body["result"], body["channel"], body["customer"]["name"]) == ("opened", "phone", "Rosa Niño")
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get(number=body["number"])
        assert {clock.kind for clock in Clock.objects.filter(ticket=ticket)} == {
            "first_response",
            "resolution",
            "legal",
        }
        line = AuditEvent.objects.get(ticket_id=ticket.pk, action="ticket.registered")
        assert (line.actor_id, line.token_id) == (None, speaker.token.pk)


def test_number_of_another_system_makes_the_second_call_news_of_the_same_case(cast, speak):
    speaker = speak()
    first = speaker("post", "tickets/", MATTER).json()

    again = speaker("post", "tickets/", MATTER)

    assert (again.status_code, again.json()["number"]) == (200, first["number"])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "text"),
        ({"text": "hola"}, "customer"),
        ({"text": "hola", "customer": {}, "colour": 1}, "colour"),
        ({"text": "hola", "customer": {"phone": "no"}}, "customer.phone"),
        ({"text": "hola", "customer": {"id": 10**15}}, "customer.id"),
        ({"text": "hola", "customer": {}, "happened_at": "2999-01-01T00:00:00Z"}, "happened_at"),
        ({"text": "a\x00b", "customer": {}}, "text"),
    ],
)
def test_what_is_wrong_is_named(cast, speak, body, field):
    answer = speak()("post", "tickets/", body)

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert field in {error["field"] for error in answer.json()["errors"]}
    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == 0


def test_change_goes_through_the_verbs_of_the_desk(cast, number, speak):
    speaker = speak()

    answer = speaker(
        "patch",
        f"tickets/{number}/",
        {"assignee": "JC", "priority": "critical", "kind": "queja", "reason": "así lo dijo"},
    )

    assert answer.status_code == 200, answer.content
    body = answer.json()
    assert (body["assignee"]["initials"], body["priority"], body["kind"], body["state"]) == (
        "JC", "critical", "queja", "open",
    )  # fmt: skip
    with tenant(cast.bank.pk):
        lines = AuditEvent.objects.filter(token_id=speaker.token.pk).values_list("action", flat=True)
        assert {"ticket.assigned", "ticket.priority_changed", "ticket.kind_changed"} <= set(lines)


def test_kind_put_right_by_the_api_is_not_undone_by_what_arrives_late(cast, speak):
    """An earlier message that arrives later suggests a kind anew (channels F17): not over somebody's word."""
    hear(cast, mention("@FrailejonAyuda ¿a qué hora abren la sucursal?"))
    with tenant(cast.bank.pk):
        number = Ticket.objects.get().number
    assert speak()("patch", f"tickets/{number}/", {"kind": "sugerencia"}).status_code == 200

    hear(cast, mention(
        "@FrailejonAyuda ¿y los sábados a qué hora abren?", number=2, conversation="1900000000000000001",
        at=clock.now() - timedelta(hours=1),
    ))  # fmt: skip

    with tenant(cast.bank.pk):
        ticket = Ticket.objects.get(number=number)
        assert Message.objects.filter(ticket=ticket).count() == 2
    assert ticket.kind == "sugerencia"


def test_all_of_a_change_or_nothing(cast, number, speak):
    answer = speak()("patch", f"tickets/{number}/", {"priority": "critical", "assignee": "NO"})

    assert answer.status_code == 400
    with tenant(cast.bank.pk):
        assert Ticket.objects.get(number=number).priority != "critical"
        assert not AuditEvent.objects.filter(action="ticket.priority_changed").exists()


def test_resolved_and_opened_again(cast, number, speak):
    speaker = speak()

    assert speaker("patch", f"tickets/{number}/", {"state": "resolved"}).json()["state"] == "resolved"
    assert speaker("patch", f"tickets/{number}/", {"state": "open"}).json()["state"] == "open"
    refused = speaker("patch", f"tickets/{number}/", {"state": "closed"})
    assert refused.status_code == 400


def test_reading_scope_changes_nothing(cast, number, speak):
    speaker = speak(Scope.TICKETS_READ)

    for method, address, body in [
        ("post", "tickets/", MATTER),
        ("patch", f"tickets/{number}/", {"state": "resolved"}),
        ("post", f"tickets/{number}/replies/", {"text": "hola", "mode": "public"}),
        ("post", f"tickets/{number}/notes/", {"text": "hola"}),
        ("get", "customers/", None),
        ("get", "filings/", None),
        ("get", "webhooks/", None),
    ]:
        assert speaker(method, address, body).status_code == 403, address
    with tenant(cast.bank.pk):
        assert (Ticket.objects.get().state, Note.objects.count()) == ("new", 0)


def test_another_organizations_key_changes_nothing(cast, number, stranger):
    for method, address, body in [
        ("get", f"tickets/{number}/", None),
        ("post", "tickets/", MATTER),
        ("patch", f"tickets/{number}/", {"state": "resolved"}),
        ("post", f"tickets/{number}/replies/", {"text": "hola", "mode": "public"}),
        ("post", f"tickets/{number}/notes/", {"text": "hola"}),
    ]:
        assert stranger(method, address, body).status_code == 401, address
    with tenant(cast.bank.pk):
        assert (Ticket.objects.get().state, Note.objects.count()) == ("new", 0)


def test_pages_follow_each_other_without_gaps_or_repeats(cast, speak):
    hear(
        cast,
        *(mention(f"@FrailejonAyuda queja número {n}", number=n, author=_somebody(n)) for n in range(1, 8)),
    )
    speaker, seen, cursor = speak(), [], ""
    while True:
        page = speaker("get", f"tickets/?limit=3{cursor}").json()
        seen += [row["number"] for row in page["results"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"

    assert seen == sorted(seen, reverse=True)
    assert len(seen) == len(set(seen)) == 7


def _somebody(n):
    from channels_social.networks.base import Author

    return Author(str(5000 + n), "user", f"Persona {n}", f"persona{n}")


def test_rare_filter_gives_a_short_page_that_goes_on(cast, speak, monkeypatch):
    hear(
        cast,
        *(mention(f"@FrailejonAyuda queja número {n}", number=n, author=_somebody(n)) for n in range(1, 8)),
    )
    with tenant(cast.bank.pk):
        oldest = Ticket.objects.order_by("pk").first()
        oldest.state = "resolved"
        oldest.save()
    monkeypatch.setattr("tickets.api.pages.WINDOW", 3)
    speaker = speak()

    first = speaker("get", "tickets/?state=resolved").json()
    assert (first["results"], first["next_cursor"] is None) == ([], False)
    found = []
    page = first
    while page["next_cursor"]:
        page = speaker("get", f"tickets/?state=resolved&cursor={page['next_cursor']}").json()
        found += page["results"]
    assert [row["number"] for row in found] == [oldest.number]


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=101", "cursor=%00", "cursor=zzz", "state=x", "customer=-1"]
)
def test_nonsense_in_a_query_is_told(cast, speak, query):
    assert speak()("get", f"tickets/?{query}").status_code == 400


def test_messages_of_a_case_and_their_pages(cast, number, speak):
    hear(cast, *(
        mention(f"¿y? {n}", number=n, conversation="1900000000000000001") for n in range(2, 5)
    ))  # fmt: skip
    speaker = speak()

    first = speaker("get", f"tickets/{number}/messages/?limit=2").json()
    second = speaker("get", f"tickets/{number}/messages/?limit=2&cursor={first['next_cursor']}").json()

    texts = [row["text"] for row in first["results"] + second["results"]]
    assert len(texts) == len(set(texts)) == 4


def test_answer_goes_into_the_outbox_signed_with_the_keys_initials(cast, number, speak):
    speaker = speak()

    answer = speaker("post", f"tickets/{number}/replies/", {"text": "Lo revisamos.", "mode": "public"})

    assert answer.status_code == 202, answer.content
    assert [row["state"] for row in answer.json()] == ["queued"]
    with tenant(cast.bank.pk):
        message = Message.objects.select_related("action").get(direction="out")
    assert message.text.endswith(f"^{speaker.token.initials}")
    assert (message.author_id, message.token_id, message.action.state) == (None, speaker.token.pk, "queued")


def test_answer_that_cannot_leave_is_refused_with_its_sentence(cast, number, speak):
    answer = speak()("post", f"tickets/{number}/replies/", {"text": "x" * 400, "mode": "public"})

    assert (answer.status_code, answer.json()["code"]) == (409, "too_long")


def test_note_says_which_key_wrote_it(cast, number, speak):
    speaker = speak()

    answer = speaker("post", f"tickets/{number}/notes/", {"text": "Ya va en camino"})

    assert answer.status_code == 201
    with tenant(cast.bank.pk):
        note = Note.objects.get()
    assert (note.author_id, note.token_id, note.text) == (None, speaker.token.pk, "Ya va en camino")


def test_what_the_next_request_writes_is_not_the_keys(cast, number, speak):
    from helpdesk import audit

    speak()("post", f"tickets/{number}/notes/", {"text": "Ya va en camino"})
    with tenant(cast.bank.pk):
        audit.record(cast.bank.pk, "test.line")
        line = AuditEvent.objects.get(action="test.line")

    assert line.token_id is None


def test_customer_is_found_by_their_telephone_and_shown_masked(cast, speak):
    speaker = speak()
    speaker("post", "tickets/", MATTER)

    found = speaker("get", "customers/?phone=3104567890").json()["results"]

    assert [row["name"] for row in found] == ["Rosa Niño"]
    assert "4567890" not in str(found).replace(" ", "")
    assert speaker("get", "customers/?phone=3104567891").json()["results"] == []
    assert speaker("get", "customers/?phone=x").status_code == 400
    assert speaker("get", "customers/?phone=3104567890&email=a@b.co").status_code == 400


def test_customer_gets_another_name_and_the_audit_does_not_say_which(cast, speak):
    speaker = speak()
    customer = speaker("post", "tickets/", MATTER).json()["customer"]["id"]

    answer = speaker("patch", f"customers/{customer}/", {"name": "Rosa María Niño"})

    assert answer.json()["name"] == "Rosa María Niño"
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="customer.renamed")
        assert (line.token_id, "Rosa" in str(line.data)) == (speaker.token.pk, False)


def test_strangers_customer_is_not_there(cast, speak, stranger):
    with tenant(cast.airline.pk):
        theirs = Customer.objects.create(organization=cast.airline, name="Nuria")
        Identity.objects.create(
            organization=cast.airline,
            customer=theirs,
            network="x",
            scope="x",
            external_id="1",
            handle_key="n",
        )
    speaker = speak()

    assert speaker("get", f"customers/{theirs.pk}/").status_code == 404
    assert speaker("patch", f"customers/{theirs.pk}/", {"name": "Mía"}).status_code == 404
    assert speaker("get", f"tickets/?customer={theirs.pk}").json()["results"] == []
    body = MATTER | {"customer": {"id": theirs.pk}}
    assert speaker("post", "tickets/", body).status_code == 400


def test_radicados_are_listed_and_read(cast, number, speak):
    speaker = speak()
    speaker("patch", f"tickets/{number}/", {"kind": "reclamo"})

    listed = speaker("get", "filings/").json()["results"]
    one = speaker("get", f"filings/{listed[0]['radicado']}/").json()

    assert (one["ticket"], len(listed)) == (number, 1)
    assert speaker("get", "filings/2000-000001/").status_code == 404


def test_kind_of_a_filed_case_changes_with_a_reason_only(cast, number, speak):
    speaker = speak()
    speaker("patch", f"tickets/{number}/", {"kind": "reclamo"})

    without = speaker("patch", f"tickets/{number}/", {"kind": "queja"})
    with_one = speaker("patch", f"tickets/{number}/", {"kind": "queja", "reason": "así lo dijo"})

    assert (without.status_code, without.json()["code"]) == (409, "kind_needs_reason")
    assert with_one.status_code == 200


def test_body_that_is_no_json_or_too_large_is_refused(cast, speak):
    from django.test import Client

    speaker = speak()
    headers = {"Authorization": f"Bearer {speaker.words}"}
    where = "/api/v1/frailejon/tickets/"

    def send(data, kind="application/json"):
        return Client().post(where, data=data, content_type=kind, headers=headers)

    assert send(b"{nope").json()["code"] == "not_json"
    assert send(b"a=1", "application/x-www-form-urlencoded").status_code == 415
    assert send(b'{"text": "' + b"x" * 70_000 + b'"}').status_code == 413
    assert send(b"x" * 3_000_000).status_code == 413
