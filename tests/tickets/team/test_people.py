"""Training and approval, leaving, state, shifts, photo, invitation: the verbs and their pages."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from channels_social.models import OutboundAction
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.push import beat
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tests.cast import bank_today
from tests.stories import hear, mention
from tests.tickets.team.test_rules import _jpeg
from tickets.cases.models import Note, Ticket
from tickets.replies.domain import approving, casework
from tickets.replies.domain.reply import Refused, reply
from tickets.settings.domain.people import PeopleRefused, Training, set_training
from tickets.settings.domain.team import set_access
from tickets.team.domain.inviting import NotInvited, accept, issue, look_up, revoke
from tickets.team.domain.presence import set_presence, sweep_presence
from tickets.team.models import MemberPhoto, Shift

TEAM = "/frailejon/ajustes/equipo/"


@pytest.fixture
def ticket(cast) -> Ticket:
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces"))
    with tenant(cast.bank.pk):
        yield Ticket.objects.select_related("organization").get()


def _answer(ticket, by, token="t-1"):
    return reply(ticket, by=by, text="Lo revisamos hoy.", mode="public", client_token=token)[0]


def _train(member, by, *, until, needed=True, supervisor=None):
    on = until - timedelta(days=300)
    set_training(member, Training(needed, on, until, "Acta 12"), supervisor=supervisor, by=by)
    member.refresh_from_db()


def test_only_a_training_that_holds_lets_public_answers_leave(cast, ticket):
    juan = Membership.objects.get(pk=cast.juan.pk)
    set_training(juan, Training(True), supervisor=None, by=cast.paola)
    juan.refresh_from_db()
    assert _answer(ticket, juan, "without").send_state == "awaiting_approval"

    _train(juan, cast.paola, until=bank_today() - timedelta(days=2))
    assert _answer(ticket, juan, "expired").send_state == "awaiting_approval"

    _train(juan, cast.paola, until=bank_today() + timedelta(days=2))
    assert _answer(ticket, juan, "trained").send_state == "queued"
    line = AuditEvent.objects.filter(action="member.training_changed").latest("pk")
    assert line.actor_id == cast.paola.pk
    assert line.data["until"] == str(bank_today() + timedelta(days=2))


def test_nobody_writes_down_their_own_training(cast, ticket):
    with pytest.raises(PeopleRefused):
        set_training(
            cast.paola,
            Training(True, date(2026, 1, 1), date(2027, 1, 1), "yo"),
            supervisor=None,
            by=cast.paola,
        )


def test_assigned_supervisor_decides_first_and_anybody_after_five_minutes(cast, ticket, time_machine):
    lucia = Membership.objects.get(pk=cast.juan.pk)
    lucia.permissions = [*lucia.permissions, "approve_replies"]
    lucia.save()
    Membership.objects.filter(pk=cast.andres.pk).update(supervisor=cast.paola)
    Membership.objects.filter(pk=cast.paola.pk).update(presence="available")
    message = _answer(ticket, Membership.objects.get(pk=cast.andres.pk))

    with pytest.raises(Refused, match="approval_first"):
        approving.approve(message, by=lucia)
    with pytest.raises(Refused, match="approval_own"):
        approving.approve(message, by=cast.andres)
    time_machine.move_to(clock.now() + timedelta(minutes=5, seconds=1))
    approving.approve(message, by=lucia)

    action = OutboundAction.objects.get(pk=message.action_id)
    assert (action.state, action.approved_by_id) == ("queued", lucia.pk)
    line = AuditEvent.objects.get(action="reply.approve")
    assert (line.actor_id, line.data["author"], line.data["edited"]) == (lucia.pk, cast.andres.pk, False)
    assert approving.approved_unchanged(cast.andres) == 1


def test_the_case_says_whose_turn_it_is_and_no_more_once_it_is_decided(cast, ticket, log_in):
    cast.andres.supervisor = cast.paola
    cast.andres.save()
    Membership.objects.filter(pk=cast.paola.pk).update(presence="available", presence_at=clock.now())
    message = _answer(ticket, cast.andres)
    url = f"/frailejon/casos/{ticket.number}/"

    page = log_in(cast.paola).get(url).content.decode()
    assert f'data-author="{cast.andres.pk}" data-first="{cast.paola.pk}"' in page
    assert f"Primero decide {cast.paola.display_name};" in page

    approving.approve(message, by=cast.paola)
    page = log_in(cast.paola).get(url).content.decode()
    assert "data-free" not in page


def test_absent_supervisor_keeps_nobody_waiting_and_a_change_keeps_the_signature(cast, ticket):
    Membership.objects.filter(pk=cast.andres.pk).update(supervisor=cast.paola)
    message = _answer(ticket, Membership.objects.get(pk=cast.andres.pk))
    [waiting] = approving.waiting_for(cast.bank, cast.paola)
    assert waiting.due_at <= ticket.next_deadline_at

    approving.approve(message, by=cast.paola, text="Lo revisamos hoy mismo, Diana.")

    message.refresh_from_db()
    action = OutboundAction.objects.get(pk=message.action_id)
    assert message.text == action.text == "Lo revisamos hoy mismo, Diana. ^AT"
    assert approving.approved_unchanged(cast.andres) == 0
    assert approving.waiting_for(cast.bank, cast.paola) == []


def test_answer_sent_back_does_not_leave_and_says_why_in_the_case(cast, ticket):
    message = _answer(ticket, cast.andres)

    with pytest.raises(Refused, match="approval_reason"):
        approving.send_back(message, by=cast.paola, reason=" ")
    approving.send_back(message, by=cast.paola, reason="Falta el plazo.")

    assert OutboundAction.objects.get(pk=message.action_id).state == "cancelled"
    assert "Falta el plazo." in Note.objects.get(ticket=ticket).text
    with pytest.raises(Refused, match="approval_gone"):
        approving.approve(message, by=cast.paola)


def test_page_of_approvals_approves_and_keeps_what_was_typed_on_a_mistake(cast, ticket, log_in):
    message = _answer(ticket, cast.andres)
    client = log_in(cast.paola)

    assert "Lo revisamos hoy." in client.get("/frailejon/por-aprobar/").content.decode()
    long = client.post(f"/frailejon/por-aprobar/{message.pk}/", {"decision": "approve", "text": "a " * 200})
    assert long.status_code == 422
    assert "a a a" in long.content.decode()
    done = client.post(f"/frailejon/por-aprobar/{message.pk}/", {"decision": "approve", "text": "Listo."})
    assert done.status_code == 302
    message.refresh_from_db()
    assert (message.text, message.send_state) == ("Listo. ^AT", "queued")


def test_transfer_is_counted_and_needs_a_note(cast, ticket):
    casework.assign(casework.lock(ticket.pk), to=cast.juan, by=cast.juan)
    with pytest.raises(Refused, match="transfer_needs_note"):
        casework.assign(casework.lock(ticket.pk), to=cast.paola, by=cast.juan)

    casework.assign(casework.lock(ticket.pk), to=cast.paola, by=cast.juan, note="Falta el extracto.")

    ticket.refresh_from_db()
    assert (ticket.assignee_id, ticket.transfers) == (cast.paola.pk, 1)
    assert Note.objects.get(ticket=ticket).text == "Falta el extracto."


def test_who_leaves_is_out_their_cases_go_on_and_their_authorship_stays(cast, ticket, client):
    casework.assign(casework.lock(ticket.pk), to=cast.juan, by=cast.juan)
    message = _answer(ticket, cast.juan)
    client.force_login(cast.juan.user)
    assert client.get("/frailejon/casos/").status_code == 200

    assert set_access(cast.juan, is_active=False, by=cast.marta, cases_to=cast.paola) == [ticket.pk]

    assert client.get("/frailejon/casos/").status_code == 404
    ticket.refresh_from_db()
    message.refresh_from_db()
    assert (ticket.assignee_id, message.author_id) == (cast.paola.pk, cast.juan.pk)
    assert "^JC ya no está en el equipo" in Note.objects.get(ticket=ticket).text
    juan = Membership.objects.get(pk=cast.juan.pk)
    assert (juan.is_active, juan.presence, juan.initials) == (False, "offline", "JC")
    assert juan.left_at is not None


def test_invitation_opens_once_and_only_the_newest_link(cast):
    with tenant(cast.bank.pk):
        first = issue(cast.juan, by=cast.marta)
        newest = issue(cast.juan, by=cast.marta)
        with pytest.raises(NotInvited, match="replaced"):
            look_up(first.pk, 1)
        accept(look_up(newest.pk, 2, lock=True), name="Juan Carlos R.", password=None)
        with pytest.raises(NotInvited, match="used"):
            look_up(newest.pk, 2)
        assert not revoke(cast.juan, by=cast.marta)
        assert Membership.objects.get(pk=cast.juan.pk).display_name == "Juan Carlos R."


def test_invitation_that_was_taken_back_or_is_old_opens_nothing(cast, time_machine):
    with tenant(cast.bank.pk):
        one, other = issue(cast.juan, by=cast.marta), issue(cast.andres, by=cast.marta)
        assert revoke(cast.andres, by=cast.marta)
        with pytest.raises(NotInvited, match="revoked"):
            look_up(other.pk, 1)
        assert not Membership.objects.get(pk=cast.andres.pk).is_active
        time_machine.move_to(one.expires_at + timedelta(seconds=1))
        with pytest.raises(NotInvited, match="expired"):
            look_up(one.pk, 1)


def test_forged_link_opens_nothing(cast, client):
    assert client.get("/invitacion/1.1.1~forged/").status_code == 404


def test_state_is_said_with_one_press_and_ends_with_the_session(cast, log_in):
    client = log_in(cast.juan)
    client.post("/frailejon/estado/", {"presence": "available"})
    with tenant(cast.bank.pk):
        assert Membership.objects.get(pk=cast.juan.pk).presence == "available"

    client.post("/cuenta/logout/")

    with tenant(cast.bank.pk):
        assert Membership.objects.get(pk=cast.juan.pk).presence == "offline"
        causes = AuditEvent.objects.filter(action="member.presence").order_by("pk")
        assert [line.data["cause"] for line in causes] == ["self", "logout"]


def test_closed_console_is_offline_after_its_beats_stop(cast):
    old = clock.now() - timedelta(minutes=10)
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk__in=[cast.juan.pk, cast.paola.pk]).update(
            presence="busy", presence_at=old
        )
    beat(cast.bank.pk, cast.paola.pk)

    assert sweep_presence([cast.bank]) == 1

    with tenant(cast.bank.pk):
        found = dict(Membership.objects.values_list("pk", "presence"))
    assert (found[cast.juan.pk], found[cast.paola.pk]) == ("offline", "busy")


def test_who_opens_a_console_again_is_available_and_who_said_offline_stays_so(cast):
    with tenant(cast.bank.pk):
        set_presence(cast.juan, "available")
        set_presence(cast.juan, "offline", cause="session")
        set_presence(cast.paola, "available")
        set_presence(cast.paola, "offline")
    beat(cast.bank.pk, cast.juan.pk)
    beat(cast.bank.pk, cast.paola.pk)

    assert sweep_presence([cast.bank]) == 1

    with tenant(cast.bank.pk):
        found = dict(Membership.objects.values_list("pk", "presence"))
    assert (found[cast.juan.pk], found[cast.paola.pk]) == ("available", "offline")


def test_supervisor_gives_shifts_and_training_and_nothing_else(cast, log_in):
    client = log_in(cast.paola)

    assert client.get(TEAM).status_code == 200
    assert client.post(TEAM, {"name": "X", "email": "x@x.co", "role": "agent"}).status_code == 403
    bad = client.post(f"{TEAM}{cast.juan.pk}/turnos/", {"day_0": "8-12, 11-13"})
    assert bad.status_code == 422
    assert "un tramo empieza antes de que termine el otro" in bad.content.decode()
    client.post(f"{TEAM}{cast.juan.pk}/turnos/", {"day_0": "8-12, 14-18", "day_5": "22-6"})
    client.post(
        f"{TEAM}{cast.juan.pk}/capacitacion/",
        {"needs": "1", "on": "2026-11-02", "evidence": "Acta 12", "supervisor": str(cast.paola.pk)},
    )
    with tenant(cast.bank.pk):
        assert Shift.objects.filter(member=cast.juan).count() == 3
        juan = Membership.objects.get(pk=cast.juan.pk)
    assert (str(juan.trained_until), juan.trained_by_id, juan.supervisor_id) == (
        "2027-11-02", cast.paola.pk, cast.paola.pk,
    )  # fmt: skip
    assert "hasta" in client.get(TEAM).content.decode()
    assert client.post(f"{TEAM}{cast.paola.pk}/capacitacion/", {"needs": "0"}).status_code == 403


def test_photo_is_kept_clean_and_shown_to_customers_only_when_its_owner_says_so(cast, log_in):
    client = log_in(cast.juan)
    where = "/frailejon/ajustes/perfil/foto/"
    bad = client.post(where, {"photo": SimpleUploadedFile("yo.jpg", b"<html>")})
    assert bad.status_code == 422
    assert "no es una foto JPEG" in bad.content.decode()

    client.post(where, {"photo": SimpleUploadedFile("yo.jpg", _jpeg(), "image/jpeg")})
    seen = client.get(f"/frailejon/equipo/{cast.juan.pk}/foto/")
    assert (seen["Content-Type"], seen.content[:2]) == ("image/jpeg", b"\xff\xd8")
    client.post(where, {"what": "publish"})
    with tenant(cast.bank.pk):
        assert Membership.objects.get(pk=cast.juan.pk).photo_public_at is not None
        assert AuditEvent.objects.filter(action="member.photo_published", actor_id=cast.juan.pk).exists()

    client.post(where, {"photo": SimpleUploadedFile("otra.jpg", _jpeg(100, 100), "image/jpeg")})
    with tenant(cast.bank.pk):
        assert Membership.objects.get(pk=cast.juan.pk).photo_public_at is None
    client.post(where, {"what": "drop"})
    with tenant(cast.bank.pk):
        assert not MemberPhoto.objects.exists()
    assert client.get(f"/frailejon/equipo/{cast.juan.pk}/foto/")["Content-Type"] == "image/svg+xml"
