"""Who writes out of hours is told once when somebody reads it; it is no answer, and it cannot run away."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from channels_social.enums import AccountMode
from channels_social.models import SocialAccount
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.filing.people import messenger
from tickets.cases.models import Message, Ticket
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock
from tickets.replies.domain import closed_notices
from tickets.replies.domain.closed_notices import tell_closed
from tickets.replies.domain.reply import reply
from tickets.settings.models import AccountPolicy, Notices

BOGOTA = ZoneInfo("America/Bogota")


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=BOGOTA).astimezone(UTC)


@pytest.fixture
def now(monkeypatch) -> Iterator[list[datetime]]:
    """Saturday 21 November 2026, 22:00 in Bogotá: closed until Monday at 8:00."""
    times = [at(21, 22)]
    monkeypatch.setattr(clock, "now", lambda: times[0])
    forget_rules()
    yield times
    forget_rules()


@pytest.fixture
def noticed(cast, now) -> AccountPolicy:
    with tenant(cast.bank.pk):
        AccountPolicy.objects.update(notices=Notices.PRIVATE, contact_phone="*611")
        return AccountPolicy.objects.get(account=cast.bank_page)


def write(cast, text: str, number: int = 1, *, when: datetime) -> None:
    hear(cast, messenger(text, number=number, at=when), account=cast.bank_page)


def said(as_worker) -> int:
    with as_worker():
        return sum(map(len, tell_closed().values()))


def notices(cast) -> list[Message]:
    with tenant(cast.bank.pk):
        return list(Message.objects.filter(is_notice=True, direction="out").select_related("action"))


def test_who_writes_out_of_hours_is_told_when_it_is_read(cast, noticed, now, as_worker):
    write(cast, "no me llega el extracto", when=now[0])

    assert said(as_worker) == 1

    [notice] = notices(cast)
    assert notice.text == (
        "Hola, Diana: recibimos su mensaje. Atendemos lun a vie 8:00–20:00, sáb 8:00–14:00; "
        "lo leemos el lunes 23 a las 8:00. Si es urgente: *611."
    )
    assert (notice.action.lane, notice.author_id, notice.is_public) == ("5_courtesy", None, False)
    with tenant(cast.bank.pk):
        assert Clock.objects.get(kind="first_response").met_at is None
        assert Ticket.objects.get().first_sent_at is None


def test_it_is_never_repeated_while_closed(cast, noticed, now, as_worker):
    write(cast, "no me llega el extracto", when=now[0])
    assert said(as_worker) == 1
    now[0] = at(22, 9)
    write(cast, "¿hay alguien?", 2, when=now[0])
    now[0] = at(22, 23)
    write(cast, "por favor respondan", 3, when=now[0])

    assert said(as_worker) == 0
    assert len(notices(cast)) == 1


def test_the_next_night_it_is_said_again(cast, noticed, now, as_worker):
    write(cast, "no me llega el extracto", when=now[0])
    said(as_worker)
    now[0] = at(23, 22)
    write(cast, "sigo esperando el extracto", 2, when=now[0])

    assert said(as_worker) == 1
    assert notices(cast)[-1].text.count("mañana a las 8:00") == 1


@pytest.mark.parametrize(
    "hour",
    [pytest.param((20, 11), id="open"), pytest.param((23, 7, 50), id="about to open")],
)
def test_nothing_is_said_while_open_or_about_to(cast, noticed, now, as_worker, hour):
    now[0] = at(*hour)
    write(cast, "no me llega el extracto", when=now[0])

    assert said(as_worker) == 0


def test_nothing_is_said_of_what_was_written_before_closing_or_was_answered(cast, noticed, now, as_worker):
    write(cast, "no me llega el extracto", when=at(21, 13, 55))
    assert said(as_worker) == 0
    write(cast, "¿me ayudan con el extracto?", 2, when=at(21, 21))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization").get()
        reply(ticket, by=cast.juan, text="Diana, ya lo miro.", mode="private", client_token="t-1")

    assert said(as_worker) == 0


def test_thanks_are_no_question(cast, noticed, now, as_worker):
    write(cast, "gracias", when=now[0])

    assert said(as_worker) == 0


def test_public_posts_only_where_somebody_said_so(cast, noticed, now, as_worker):
    hear(cast, mention("@FrailejonAyuda no me llega el extracto", at=now[0]))
    assert said(as_worker) == 0

    with tenant(cast.bank.pk):
        AccountPolicy.objects.update(notices=Notices.ALL)

    assert said(as_worker) == 1
    assert notices(cast)[0].is_public


@pytest.mark.parametrize("how", ["off", "read_only", "always_open"])
def test_off_read_only_and_always_open_accounts_say_nothing(cast, noticed, now, as_worker, how):
    write(cast, "no me llega el extracto", when=now[0])
    with tenant(cast.bank.pk):
        if how == "off":
            AccountPolicy.objects.update(notices=Notices.OFF)
        elif how == "read_only":
            SocialAccount.objects.filter(pk=cast.bank_page.pk).update(mode=AccountMode.READ_ONLY)
        else:
            noticed.calendar.is_always_open = True
            noticed.calendar.save()

    assert said(as_worker) == 0


def test_a_lunch_break_is_not_out_of_hours(cast, noticed, now, as_worker, monkeypatch):
    write(cast, "no me llega el extracto", when=now[0])
    monkeypatch.setattr(closed_notices, "SHORTEST", timedelta(hours=43))

    assert said(as_worker) == 0


def test_the_breaker_stops_the_account_and_says_so(cast, noticed, now, as_worker, monkeypatch, client):
    monkeypatch.setattr(closed_notices, "RUNAWAY", 0)
    write(cast, "no me llega el extracto", when=now[0])

    assert said(as_worker) == 0

    with tenant(cast.bank.pk):
        noticed.refresh_from_db()
        assert noticed.notices_stopped_at == now[0]
        assert AuditEvent.objects.filter(action="account.notices_stopped").count() == 1
    monkeypatch.setattr(closed_notices, "RUNAWAY", 200)
    assert said(as_worker) == 0
    client.force_login(cast.marta.user)
    url = f"/frailejon/ajustes/horario/cuenta/{noticed.pk}/"
    assert "se detuvieron solos" in client.get(url).content.decode()
    client.post(url, {"calendar": noticed.calendar_id, "phone": "*611", "email": "", "notices": "private"})
    assert said(as_worker) == 1


def test_a_person_hears_two_a_day_whatever_they_open(cast, noticed, now, as_worker, monkeypatch):
    monkeypatch.setattr(closed_notices, "A_DAY", 0)
    write(cast, "no me llega el extracto", when=now[0])

    assert said(as_worker) == 0
