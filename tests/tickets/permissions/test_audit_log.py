"""Agents read the audit of their own cases, supervisors the team's, admins that of the configuration."""

from __future__ import annotations

from helpdesk import audit
from helpdesk.tenancy.context import tenant
from tickets.replies.domain.casework import assign

LOG = "/frailejon/ajustes/bitacora/"


def test_agent_reads_of_their_own_cases_only(cast, people, say, at):
    mine, other = say("mía"), say("de otra persona")
    with tenant(cast.bank.pk):
        for ticket, member in ((mine, cast.juan), (other, people.supervisor)):
            ticket.refresh_from_db()
            assign(ticket, to=member, by=cast.paola, note="sigue usted")
        audit.record(cast.bank.pk, "member.deactivated", actor_id=cast.marta.pk, member=people.area.pk)

    agent, supervisor, admin = (at(m).get(LOG).content.decode() for m in (cast.juan, cast.paola, cast.marta))

    assert "Asignó el caso a Juan Carlos ^JC" in agent
    assert "Asignó el caso a Supervisor ^SP" not in agent
    assert "Quitó el acceso" not in agent
    assert "Asignó el caso a Supervisor ^SP" in supervisor
    assert "Quitó el acceso a Area ^AR" in admin
    assert "Asignó el caso" not in admin


def test_marketing_and_areas_read_none(cast, people, at):
    assert at(people.marketing).get(LOG).status_code == 403
    assert at(people.area).get(LOG).status_code == 403
