"""Which cases are filed, when, and from when they count."""

from __future__ import annotations

from datetime import timedelta

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tickets.cases.filings import FilingPolicy, FilingRule
from tickets.cases.models import Filing, Ticket
from tickets.cases.rules import asks_own_documents, same_day_end
from tickets.clocks.domain import marks
from tickets.clocks.domain.terms import rules_by_account
from tickets.enums import PqrKind
from tickets.replies.domain import casework
from tickets.replies.domain.filing import file_ticket, file_unanswered
from tickets.replies.domain.reply import Refused

HOURS = "@FrailejonAyuda ¿a qué hora abren?"
EXTRACT = "@FrailejonAyuda necesito el extracto de marzo, ¿cómo lo descargo?"
CHARGED = "@FrailejonAyuda me cobraron dos veces la cuota y quiero mi plata"


def only() -> Ticket:
    return casework.lock(Ticket.objects.get().pk)


def decide(cast, kind: str, when: str) -> None:
    with tenant(cast.bank.pk):
        FilingRule.objects.create(organization=cast.bank, kind=kind, when=when)


def theirs(cast) -> None:
    with tenant(cast.bank.pk):
        FilingPolicy.objects.create(organization=cast.bank, numbers="theirs")


def test_a_claim_is_filed_as_it_comes_in_and_counts_from_its_receipt(cast, now):
    hear(cast, mention(CHARGED, at=now[0] - timedelta(hours=3)))

    with tenant(cast.bank.pk):
        filing = Filing.objects.get()
        assert filing.received_at == now[0] - timedelta(hours=3)
        assert (filing.cause, filing.radicado) == ("receipt", only().radicado)


def test_an_insult_that_names_no_matter_is_read_and_files_nothing_until_one_is_named(cast, now):
    hear(cast, mention("@FrailejonAyuda gerente malparido inepto", number=1, conversation="77", at=now[0]))
    with tenant(cast.bank.pk):
        assert (only().kind, only().radicado, Filing.objects.count()) == (PqrKind.QUEJA, None, 0)

    hear(cast, mention("@FrailejonAyuda gracias", number=2, conversation="77", at=now[0]))
    with tenant(cast.bank.pk):
        assert only().radicado is None

    hear(cast, mention("@FrailejonAyuda la cajera me gritó y no me atendió", number=3, conversation="77",
                       at=now[0] + timedelta(hours=1)))  # fmt: skip
    with tenant(cast.bank.pk):
        assert Filing.objects.get().received_at == now[0]


def test_an_earlier_message_that_comes_later_moves_the_receipt(cast, now):
    hear(cast, mention(CHARGED, number=2, conversation="77", at=now[0]))
    hear(cast, mention("@FrailejonAyuda ayer me cobraron dos veces", number=1, conversation="77",
                       at=now[0] - timedelta(hours=5)))  # fmt: skip

    with tenant(cast.bank.pk):
        assert Filing.objects.get().received_at == now[0] - timedelta(hours=5)


def test_information_is_filed_only_when_it_asks_for_ones_own(cast, now):
    hear(cast, mention(HOURS, number=1, at=now[0]))
    with tenant(cast.bank.pk):
        assert only().radicado is None

    with tenant(cast.bank.pk):
        Ticket.objects.update(kind="informacion")
    hear(cast, mention(EXTRACT, number=2, conversation="1900000000000000001", at=now[0]))

    with tenant(cast.bank.pk):
        assert only().radicado is not None


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Necesito el extracto de mi tarjeta", True),
        ("¿Cómo saco un certificado de retención?", True),
        ("me pueden enviar el paz y salvo por favor", True),
        ("quiero saber qué datos tienen de mí", True),
        ("¿cuál es mi saldo?", True),
        ("¿A qué hora abren el sábado?", False),
        ("¿Cuánto cuesta la cuota de manejo?", False),
        ("gracias por el extracto", False),
        ("¿Tienen oficina en Tunja?", False),
    ],
)
def test_asking_for_documents_or_data_of_ones_own_is_told_from_asking_in_general(text, asks):
    assert asks_own_documents(text) is asks


def test_what_the_organization_decided_wins_over_the_default(cast, now):
    decide(cast, "reclamo", "on_request")
    hear(cast, mention(CHARGED, at=now[0]))

    with tenant(cast.bank.pk):
        assert only().radicado is None
        assert file_ticket(only(), by=cast.juan, kind="reclamo").cause == "request"


def test_one_organizations_rule_is_not_anothers(cast, now):
    for kind in PqrKind:
        decide(cast, kind.value, "never")
    hear(cast, mention(CHARGED, number=8, at=now[0]), account=cast.airline_x)

    with tenant(cast.airline.pk):
        assert Filing.objects.count() == 1


def test_filing_by_hand_counts_from_the_receipt_not_from_the_click(cast, now):
    received = now[0]
    hear(cast, mention(HOURS, at=received))
    now[0] += timedelta(days=2)

    with tenant(cast.bank.pk):
        filing = file_ticket(only(), by=cast.juan, kind="sugerencia")

        assert filing.received_at == received
        assert only().kind == "sugerencia"
        assert AuditEvent.objects.get(action="ticket.filed").data["cause"] == "request"


@pytest.mark.parametrize(
    ("prepare", "given", "code"),
    [
        (lambda cast: None, {"number": "SAC-1"}, "filing_own_numbers"),
        (theirs, {}, "filing_needs_number"),
        (theirs, {"number": "2026-000001"}, "filing_number_form"),
        (theirs, {"number": "--- -"}, "filing_number_form"),
        (lambda cast: decide(cast, "queja", "never"), {"kind": "queja"}, "filing_never"),
    ],
)
def test_what_cannot_be_filed_is_said(cast, now, prepare, given, code):
    hear(cast, mention(HOURS, at=now[0]))
    prepare(cast)

    with tenant(cast.bank.pk), pytest.raises(Refused) as refused:
        file_ticket(only(), by=cast.juan, **({"kind": "queja"} | given))

    assert refused.value.code == code


def test_another_systems_number_is_the_radicado_where_the_setting_says_so(cast, now):
    theirs(cast)
    hear(cast, mention(CHARGED, number=1, at=now[0]))
    hear(cast, mention(CHARGED, number=2, at=now[0] + timedelta(hours=30)))

    with tenant(cast.bank.pk):
        one, other = Ticket.objects.order_by("pk")
        assert one.radicado is None  # nobody invents a second number
        filing = file_ticket(casework.lock(one.pk), by=cast.juan, kind="reclamo", number=" sac 881 ")
        assert (filing.radicado, filing.is_external) == ("SAC 881", True)

        with pytest.raises(Refused) as refused:
            file_ticket(casework.lock(other.pk), by=cast.juan, kind="reclamo", number="SAC 881")
        assert refused.value.code == "filing_number_taken"


def test_filing_twice_is_refused(cast, now):
    hear(cast, mention(CHARGED, at=now[0]))

    with tenant(cast.bank.pk), pytest.raises(Refused) as refused:
        file_ticket(only(), by=cast.juan)

    assert refused.value.code == "filed_already"


# --- Not answered on the business day of receipt.


@pytest.fixture
def asked(cast, now):
    """«¿A qué hora abren?», Tuesday at nine in the morning."""
    hear(cast, mention(HOURS, at=now[0]))
    with tenant(cast.bank.pk):
        Ticket.objects.update(kind="informacion")
    return cast


def run(cast, now) -> list[int]:
    return file_unanswered(cast.bank, now=now[0])


def test_unanswered_information_is_filed_when_its_business_day_is_over(asked, now):
    now[0] += timedelta(hours=10, minutes=59)  # 19:59 in Bogota: the bank closes at eight
    assert run(asked, now) == []

    now[0] += timedelta(minutes=1)
    filed = run(asked, now)

    with tenant(asked.bank.pk):
        assert filed == [only().pk]
        assert Filing.objects.get().cause == "same_day"
        assert Filing.objects.get().received_at == only().opened_at


def test_filing_the_unanswered_again_files_nothing_twice(asked, now):
    now[0] += timedelta(days=1)
    assert len(run(asked, now)) == 1
    assert run(asked, now) == []


def test_answered_on_its_day_is_not_filed(asked, now):
    with tenant(asked.bank.pk):
        marks.answered(only(), now[0] + timedelta(hours=1))
    now[0] += timedelta(days=3)

    assert run(asked, now) == []


def test_what_comes_on_sunday_has_until_the_end_of_the_next_day_of_business(cast, now):
    with tenant(cast.bank.pk):
        calendar = next(iter(rules_by_account(cast.bank.pk).values())).calendar
    sunday_night = now[0] + timedelta(days=5, hours=8)

    end = same_day_end(sunday_night, calendar)

    assert (end - now[0]).days == 6
    assert end.hour == 1  # eight in the evening of Monday, in Bogota


def test_a_kind_the_organization_files_on_request_is_left_alone(asked, now):
    decide(asked, "informacion", "on_request")
    now[0] += timedelta(days=3)

    assert run(asked, now) == []


# --- Changing the kind of what is filed.


def test_changing_the_kind_once_filed_needs_a_reason_and_keeps_the_history(cast, now):
    hear(cast, mention(CHARGED, at=now[0]))
    with tenant(cast.bank.pk):
        radicado, filed_as = only().radicado, Filing.objects.get().kind
        with pytest.raises(Refused) as refused:
            casework.change_kind(only(), kind=PqrKind.QUEJA, by=cast.juan, reason="  ")
        assert refused.value.code == "kind_needs_reason"

        casework.change_kind(only(), kind=PqrKind.QUEJA, by=cast.juan, reason="es por el trato")

        assert (only().kind, only().radicado) == ("queja", radicado)
        assert Filing.objects.get().kind == filed_as
        line = AuditEvent.objects.get(action="ticket.kind_changed").data
        assert (line["former"], line["kind"], line["reason"]) == (filed_as, "queja", "es por el trato")
