"""Which mails are an area's answer. Inside ``tenant``.

An area is who writes from its address *and* carries the code of a question: one of the two is nobody. A mail
that only pretends is refused, and the refusal is written down; it never becomes a note.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import connection

from channels_social.networks.base import IncomingMessage
from tickets.areas.codes import codes_in
from tickets.areas.domain.consulting import Refused, answer, note_bounce, refused
from tickets.areas.domain.standing import case_of
from tickets.areas.models import Area, AreaMember, Consultation
from tickets.cases.models import Ticket

# Why a mail was refused: kept on its event and in the audit; the words are in `areas.sentences`.
WRONG_SENDER, UNKNOWN_CODE, NO_CODE, FORGED = "wrong_sender", "unknown_code", "no_code", "forged"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mail that has to do with areas. ``reason`` empty: taken, or passed over in silence."""

    reason: str = ""
    ticket_id: int | None = None


@dataclass(frozen=True, slots=True)
class Desk:
    """Who may answer what, for one batch of mails."""

    consultations: dict[str, Consultation]
    addresses: dict[str, int]
    # Addresses of colleagues that may speak for an area, by area.
    members: dict[int, set[str]]


def desk_for(organization_id: int, mails: Sequence[IncomingMessage]) -> Desk:
    """The consultations and areas these mails may be about, in three queries at most."""
    codes = {code for mail in mails for code in _codes(mail)}
    senders = {person.external_id for mail in mails for person in (mail.author, mail.person) if person}
    found = Consultation.objects.filter(organization_id=organization_id, code__in=codes) if codes else ()
    consultations = {one.code: one for one in found}
    areas = Area.objects.filter(organization_id=organization_id, address__in=senders)
    members: dict[int, set[str]] = {}
    if consultations:
        rows = AreaMember.objects.filter(
            organization_id=organization_id, area_id__in={one.area_id for one in consultations.values()}
        ).values_list("area_id", "member__user__email")
        for area_id, email in rows:
            members.setdefault(area_id, set()).add(email.lower())
    return Desk(consultations, dict(areas.values_list("address", "id")), members)


def judge(desk: Desk, mail: IncomingMessage) -> Verdict | None:
    """Take an area's answer in, or refuse who pretends to be one; None for everybody else's mail."""
    codes, sender, letter = _codes(mail), mail.author.external_id, mail.letter
    if letter is None or not (codes or sender in desk.addresses):
        return None
    if letter.auto == "bounce" and codes:
        return _bounced(desk, codes)
    if letter.auto:  # «fuera de la oficina» is no answer
        return Verdict()
    if not codes:
        return Verdict(NO_CODE)
    asked = next((desk.consultations[code] for code in codes if code in desk.consultations), None)
    if asked is None:
        return Verdict(UNKNOWN_CODE)
    consultation = _locked(asked)
    reason = _doubt(desk, consultation, mail) or _taken(consultation, mail)
    if reason:
        refused(consultation, reason=reason)
    return Verdict(reason, consultation.ticket_id)


def _bounced(desk: Desk, codes: Sequence[str]) -> Verdict:
    """Our question did not arrive: whoever asked must know, and put the address right."""
    asked = next((desk.consultations[code] for code in codes if code in desk.consultations), None)
    if asked is None:
        return Verdict()
    note_bounce(_locked(asked))
    return Verdict(ticket_id=asked.ticket_id)


def _codes(mail: IncomingMessage) -> list[str]:
    return codes_in(mail.letter.references, mail.letter.subject) if mail.letter else []


def _locked(asked: Consultation) -> Consultation:
    """The consultation with its case locked first, as by every writer."""
    ticket = (
        Ticket.objects.select_for_update(of=("self",))
        .select_related("organization", "customer")
        .get(pk=case_of(asked))
    )
    consultation = (
        Consultation.objects.select_for_update(of=("self",)).select_related("area").get(pk=asked.pk)
    )
    consultation.ticket = ticket
    return consultation


def _doubt(desk: Desk, consultation: Consultation, mail: IncomingMessage) -> str:
    sender = mail.author.external_id
    allowed = {consultation.area.address} | desk.members.get(consultation.area_id, set())
    if sender not in allowed:
        return WRONG_SENDER
    return FORGED if mail.letter is not None and mail.letter.is_forged else ""


def _taken(consultation: Consultation, mail: IncomingMessage) -> str:
    try:
        answer(consultation, text=mail.text, via="mail", at=mail.occurred_at)
    except Refused as error:
        return error.code
    return ""


def put_aside(organization_id: int, refusals: Iterable[tuple[int, str]]) -> None:
    """The refused mails stand in quarantine with their reason: an admin sees who knocked."""
    for event_id, reason in refusals:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE channels_social_inboundevent SET state = 'quarantined', reason = %s, taken_at = now() "
                "WHERE organization_id = %s AND id = %s",
                [f"area:{reason}", organization_id, event_id],
            )
