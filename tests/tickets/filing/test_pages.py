"""The console's questions about a case: filing, references, joining, splitting, undoing; and the settings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import same_person, two_cases
from tickets.cases.filings import FilingPolicy, FilingRule, Reference
from tickets.cases.models import Filing, Message, Ticket
from tickets.cases.moves import CaseMove

ASKS = "@FrailejonAyuda ¿a qué hora abren?"


@pytest.fixture
def pair(cast, now):
    return two_cases(cast, first=now[0] - timedelta(hours=1), second=now[0])


def to(name: str, *args: int) -> str:
    return reverse(name, args=["frailejon", *args])


def seen(cast, ticket: Ticket) -> Ticket:
    with tenant(cast.bank.pk):
        return Ticket.objects.get(pk=ticket.pk)


def test_filing_from_the_console_gives_the_number_and_says_it(cast, pair, log_in):
    client, ticket = log_in(cast.juan), pair[0]
    assert "Radicar" in client.get(to("file_case", ticket.number)).content.decode()

    response = client.post(to("file_case", ticket.number), {"kind": "queja"}, follow=True)

    assert seen(cast, ticket).radicado in response.content.decode()


def test_filing_without_a_kind_says_what_is_missing(cast, pair, log_in):
    with tenant(cast.bank.pk):
        Ticket.objects.update(kind="")

    response = log_in(cast.juan).post(to("file_case", pair[0].number), {"kind": ""})

    assert response.status_code == 422
    with tenant(cast.bank.pk):
        assert Filing.objects.count() == 0


def test_who_may_not_file_is_refused_and_not_offered(cast, pair, log_in):
    client = log_in(cast.andres)

    assert client.post(to("file_case", pair[0].number), {"kind": "queja"}).status_code == 403
    assert client.post(to("join", pair[0].number), {"choice": pair[1].pk}).status_code == 403
    assert to("file_case", pair[0].number) not in client.get(to("case", pair[0].number)).content.decode()


def test_the_other_open_cases_of_the_customer_come_first(cast, pair, log_in):
    page = log_in(cast.juan).get(to("join", pair[0].number)).content.decode()

    assert f'value="{pair[1].pk}"' in page


@pytest.mark.parametrize("how", ["choice", "other"])
def test_joining_keeps_this_case_and_the_other_leads_to_it(cast, pair, log_in, how):
    client, (kept, other) = log_in(cast.juan), pair
    given = {"choice": other.pk} if how == "choice" else {"other": str(other.number)}

    client.post(to("join", kept.number), given)

    assert seen(cast, other).joined_into_id == kept.pk
    assert client.get(to("case", other.number)).headers["Location"] == to("case", kept.number)
    redirected = client.get(to("case", other.number), headers={"HX-Request": "true"})
    assert redirected.headers["HX-Redirect"] == to("case", kept.number)


def test_joining_by_a_reference(cast, pair, log_in):
    client, (kept, other) = log_in(cast.juan), pair
    client.post(to("references", other.number), {"system": "sac", "number": "SAC-881"})

    client.post(to("join", kept.number), {"other": "sac 881"})

    assert seen(cast, other).joined_into_id == kept.pk


def test_a_case_that_changed_meanwhile_is_looked_at_again(cast, pair, log_in):
    response = log_in(cast.juan).post(to("join", pair[0].number), {"choice": pair[1].pk, "version": "99"})

    assert response.status_code == 422
    assert seen(cast, pair[1]).joined_into_id is None


def test_a_number_nobody_has_is_said(cast, pair, log_in):
    response = log_in(cast.juan).post(to("join", pair[0].number), {"other": "9999"})

    assert (response.status_code, "No hay ningún caso" in response.content.decode()) == (422, True)


def test_undoing_from_the_notice(cast, pair, log_in):
    client = log_in(cast.juan)
    page = client.post(to("join", pair[0].number), {"choice": pair[1].pk}, follow=True).content.decode()
    with tenant(cast.bank.pk):
        move = CaseMove.objects.get()
    assert 'form="undo-move"' in page
    assert to("move_undo", move.pk) in page

    client.post(to("move_undo", move.pk))

    assert seen(cast, pair[1]).joined_into_id is None


def test_undoing_too_late_says_why(cast, now, pair, log_in):
    client = log_in(cast.juan)
    client.post(to("join", pair[0].number), {"choice": pair[1].pk})
    hear(cast, mention("¿y entonces?", number=2, conversation="1900000000000000001", at=now[0]))
    with tenant(cast.bank.pk):
        move = CaseMove.objects.get()

    page = client.post(to("move_undo", move.pk), follow=True).content.decode()

    assert "No se puede deshacer" in page
    assert seen(cast, pair[1]).joined_into_id == pair[0].pk


def test_the_other_conversation_is_told_in_one_line_when_asked(cast, pair, log_in):
    log_in(cast.juan).post(to("join", pair[0].number), {"choice": pair[1].pk, "tell": "1"})

    with tenant(cast.bank.pk):
        notices = Message.objects.filter(is_notice=True)
        # The answer goes by both threads of the case: one public, one private. Nothing is beside them.
        assert notices.count() == 0


def test_of_three_conversations_the_one_the_answer_leaves_is_told(cast, now, pair, log_in):
    kept, _chat = pair
    hear(cast, mention("@FrailejonAyuda otra vez", number=7, at=now[0] - timedelta(days=3)))
    with tenant(cast.bank.pk):
        old = Ticket.objects.order_by("pk").last()
        same_person(old, kept)

    log_in(cast.juan).post(to("join", kept.number), {"choice": old.pk, "tell": "1"})

    with tenant(cast.bank.pk):
        notice = Message.objects.select_related("conversation").get(is_notice=True)
        assert notice.ticket_id == kept.pk
        assert notice.conversation.root_external_id == "1900000000000000007"


def test_splitting_from_the_console(cast, now, pair, log_in):
    hear(cast, mention("y la app no abre", number=2, conversation="1900000000000000001", at=now[0]))
    client, ticket = log_in(cast.juan), pair[0]
    with tenant(cast.bank.pk):
        message = Message.objects.get(text="y la app no abre")
    assert f'value="{message.pk}"' in client.get(to("split", ticket.number)).content.decode()

    client.post(to("split", ticket.number), {"message": [message.pk], "kind": "reclamo"})

    with tenant(cast.bank.pk):
        new = Ticket.objects.order_by("pk").last()
        assert (new.kind, Message.objects.get(pk=message.pk).ticket_id) == ("reclamo", new.pk)


def test_splitting_nothing_says_so_and_keeps_what_was_chosen(cast, pair, log_in):
    response = log_in(cast.juan).post(to("split", pair[0].number), {"message": []})

    assert (response.status_code, "Elija al menos" in response.content.decode()) == (422, True)


def test_a_reference_is_added_shown_found_and_removed(cast, pair, log_in):
    client, ticket = log_in(cast.juan), pair[0]
    client.post(to("references", ticket.number),
                {"system": "tutela", "number": "2026-0044", "state": "admitida", "due_on": "2026-12-01"})  # fmt: skip

    assert "2026-0044" in client.get(to("case", ticket.number)).content.decode()
    assert str(ticket.pk) in client.get(to("queue"), {"q": "20260044"}).content.decode()
    with tenant(cast.bank.pk):
        reference = Reference.objects.get()

    client.post(to("reference_remove", reference.pk))

    with tenant(cast.bank.pk):
        assert Reference.objects.count() == 0


def test_a_joined_case_is_not_worked_on(cast, pair, log_in):
    client, (kept, other) = log_in(cast.juan), pair
    client.post(to("join", kept.number), {"choice": other.pk})

    for name, given in (("note", {"text": "hola"}), ("resolve", {}), ("join", {"choice": kept.pk})):
        assert client.post(to(name, other.number), given).status_code == 404


def test_changing_the_kind_of_a_filed_case_asks_for_a_reason_and_a_permission(cast, pair, log_in):
    client, ticket = log_in(cast.juan), pair[0]
    client.post(to("file_case", ticket.number), {"kind": "queja"})
    assert 'name="reason"' in client.get(to("case", ticket.number)).content.decode()

    assert client.post(to("kind", ticket.number), {"kind": "reclamo"}).status_code == 422
    client.post(to("kind", ticket.number), {"kind": "reclamo", "reason": "pide dinero"})
    assert seen(cast, ticket).kind == "reclamo"

    trainee = log_in(cast.andres)
    assert trainee.post(to("kind", ticket.number), {"kind": "queja", "reason": "x"}).status_code == 403


# --- Settings.


def everything(cast, **changed: str) -> dict[str, str]:
    from tickets.cases.rules import DEFAULTS

    given = {f"when_{kind}": when.value for kind, when in DEFAULTS.items()}
    return given | {"numbers": "ours", "tells": "on", "tells_in_public": "on"} | changed


def test_the_settings_show_the_defaults_and_what_each_does(cast, log_in):
    page = log_in(cast.marta).get(to("filing")).content.decode()

    assert "¿A qué hora abren?" in page
    assert "radicado es" in page


def test_a_choice_is_explained_before_it_is_saved(cast, log_in):
    client = log_in(cast.marta)

    page = client.post(to("filing"), everything(cast, when_queja="never", preview="1")).content.decode()

    assert "tampoco a mano" in page
    with tenant(cast.bank.pk):
        assert FilingRule.objects.count() == FilingPolicy.objects.count() == 0


def test_saving_is_audited_field_by_field(cast, log_in):
    log_in(cast.marta).post(
        to("filing"), everything(cast, when_sugerencia="always", public_sentence="Su número: {radicado}.")
    )

    with tenant(cast.bank.pk):
        assert FilingRule.objects.get().when == "always"
        lines = AuditEvent.objects.filter(action="filing.decided").order_by("pk")
        assert [(line.data["what"], line.data.get("to"), line.actor_id) for line in lines] == [
            ("sugerencia", "always", cast.marta.pk),
            ("public_sentence", None, cast.marta.pk),
        ]


@pytest.mark.parametrize(
    ("sentence", "problem"),
    [
        ("Hola {nombre}, su número es {radicado}", "no se puede nombrar"),
        ("Recibimos su caso.", "Falta el número"),
        ("Su número es {radicado", "no cierran"),
        ("Su número es {radicado:>9999999}", "no cierran"),
    ],
)
def test_a_public_sentence_names_the_number_and_nobody(cast, log_in, sentence, problem):
    response = log_in(cast.marta).post(to("filing"), everything(cast, public_sentence=sentence))

    assert (response.status_code, problem in response.content.decode()) == (422, True)
    with tenant(cast.bank.pk):
        assert FilingPolicy.objects.count() == 0


def test_an_agent_does_not_decide_what_is_filed(cast, log_in):
    assert log_in(cast.juan).post(to("filing"), everything(cast)).status_code == 403
