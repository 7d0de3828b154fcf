"""Hours as an admin keeps them: previewed, saved, refused with a sentence, and never lost."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from protocols.models import Calendar, Holiday, OneOff, OpeningHours
from tests.stories import hear, mention
from tests.tickets.settings.conftest import notices
from tickets.clocks.domain.recompute import work_recounts
from tickets.clocks.domain.terms import forget_rules
from tickets.clocks.models import Clock, ClockRecount
from tickets.settings.calendar_form import end_words
from tickets.settings.models import AccountPolicy
from tickets.settings.queries.calendars import draft_of

BOGOTA = ZoneInfo("America/Bogota")
HOURS = "/frailejon/ajustes/horario/"
NOW = datetime(2026, 11, 23, 11, tzinfo=BOGOTA).astimezone(UTC)


@pytest.fixture(autouse=True)
def at_eleven(monkeypatch):
    """Monday 23 November 2026, 11:00 in Bogotá, whenever the test runs."""
    from helpdesk import clock

    monkeypatch.setattr(clock, "now", lambda: NOW)
    forget_rules()
    yield
    forget_rules()


@pytest.fixture
def marta(cast, client):
    client.force_login(cast.marta.user)
    return client


def form_of(cast, **changes):
    """Everything the form holds, as a browser posts it."""
    with tenant(cast.bank.pk):
        calendar = Calendar.objects.earliest("pk")
        draft = draft_of(calendar)
    form: dict = {"version": calendar.version, "name": draft.name, "timezone": draft.timezone}
    for day, pairs in enumerate(draft.week):
        form[f"from-{day}"] = [pair[0] for pair in pairs]
        form[f"until-{day}"] = [pair[1] for pair in pairs]
    for name, pick in (
        ("what", "what"),
        ("day", "day"),
        ("name", "name"),
        ("from", "begins"),
        ("until", "ends"),
    ):
        form[f"row-{name}"] = [getattr(row, pick) for row in draft.rows]
    return f"{HOURS}{calendar.pk}/", form | changes


def with_lunch(cast, **changes):
    lunch = {f"from-{day}": ["08:00", "2 p. m."] for day in range(5)}
    lunch |= {f"until-{day}": ["12", "20:00"] for day in range(5)}
    return form_of(cast, **(lunch | changes))


def with_row(form, *cells):
    for name, cell in zip(("what", "day", "name", "from", "until"), cells, strict=True):
        form[f"row-{name}"] = [*form[f"row-{name}"], cell]
    return form


def due(cast) -> datetime:
    with tenant(cast.bank.pk):
        return Clock.objects.get(kind="resolution").due_at.astimezone(BOGOTA)


def test_who_may_not_change_hours_reads_them(cast, client):
    client.force_login(cast.juan.user)
    url, form = form_of(cast)

    page = client.get(url)

    assert page.status_code == 200
    assert b'id="calendar-form"' not in page.content
    assert client.post(url, form).status_code == 403


def test_saved_lunch_and_local_holiday_move_the_due_time_and_are_audited(cast, marta, as_worker):
    hear(cast, mention("@FrailejonAyuda una consulta sobre horarios", at=NOW))
    before = due(cast)
    url, form = with_lunch(cast)
    answer = marta.post(url, with_row(form, "holiday", "2026-11-24", "Fiesta local", "", ""), follow=True)

    assert "Guardado" in notices(answer)
    assert "Revisando los casos abiertos" in answer.content.decode()
    with as_worker():
        work_recounts(lambda *_: None)
    assert due(cast) > before
    assert "2 relojes cambiaron de hora" in marta.get(url).content.decode()
    with tenant(cast.bank.pk):
        line = AuditEvent.objects.get(action="calendar.changed")
        assert (line.actor_id, line.data["what"]) == (cast.marta.pk, ["week", "holidays"])
        assert line.data["added"] == ["2026-11-24"]
        assert Holiday.objects.filter(day=date(2026, 11, 24), name="Fiesta local").exists()
        assert OpeningHours.objects.filter(weekday=0).count() == 2


def test_preview_says_what_would_move_and_saves_nothing(cast, marta):
    hear(cast, mention("@FrailejonAyuda una consulta sobre horarios", at=NOW))
    url, form = with_lunch(cast)

    page = marta.post(url, form | {"preview": "1"}).content.decode()

    assert re.search(r"Si guarda, \d relojes? abiertos? se mueven?\.", page)
    assert "sin guardar" in page
    with tenant(cast.bank.pk):
        assert Calendar.objects.get().version == 1
        assert OpeningHours.objects.filter(weekday=0).count() == 1
        assert not ClockRecount.objects.exists()


def test_nothing_changed_is_nothing_saved(cast, marta):
    url, form = form_of(cast)

    assert "nada que guardar" in notices(marta.post(url, form, follow=True))
    with tenant(cast.bank.pk):
        assert Calendar.objects.get().version == 1
        assert not AuditEvent.objects.filter(action="calendar.changed").exists()


def test_the_second_of_two_admins_is_told_and_loses_nothing(cast, marta):
    url, mine = with_lunch(cast)
    _, theirs = form_of(cast, name="Horario de ayuda")
    marta.post(url, theirs)

    refused = marta.post(url, mine)

    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Marta guardó este horario mientras usted escribía" in page
    assert page.count('value="2 p. m."') == 5
    with tenant(cast.bank.pk):
        assert OpeningHours.objects.filter(weekday=0).count() == 1
    version = re.search(r'name="version" value="(\d+)"', page)[1]
    assert marta.post(url, mine | {"version": version}).status_code == 302
    with tenant(cast.bank.pk):
        assert OpeningHours.objects.filter(weekday=0).count() == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"from-0": ["08:00", "11:00"], "until-0": ["12:00", "15:00"]}, "se cruzan: 08:00–12:00 · 11:00–15:00"),
        ({"from-0": ["18:00"], "until-0": ["08:00"]}, "18:00–08:00 termina antes de empezar"),
        ({"from-2": ["las ocho"]}, "Miércoles: «las ocho» no es una hora"),
        ({"from-2": ["25:00"]}, "«25:00» no es una hora"),
        ({f"{w}-{d}": [] for d in range(7) for w in ("from", "until")}, "no abre nunca"),
        ({"timezone": "Luna/Base"}, "No conocemos la zona horaria"),
        ({"name": " "}, "Póngale un nombre al horario"),
        ({"row-day": ["2026-02-30"] * 57}, "o no existe"),
        ({"row-day": ["2026-12-25"] * 57}, "está dos veces"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_with_how_to_fix_it_and_kept(cast, marta, changes, words):
    url, form = form_of(cast, **changes)

    answer = marta.post(url, form)

    assert answer.status_code == 422
    assert words in answer.content.decode()
    with tenant(cast.bank.pk):
        assert Calendar.objects.get().version == 1


def test_week_that_opens_on_a_single_day_is_refused_and_its_preview_is_drawn_with_open_cases(cast, marta):
    hear(cast, mention("@FrailejonAyuda no puedo entrar"))
    url, form = form_of(cast, **{f"{w}-{d}": [] for d in range(7) for w in ("from", "until")})
    assert "no abre nunca" in marta.post(url, form | {"preview": "1"}).content.decode()

    with_row(form, "opening", "2027-03-08", "", "9", "12")

    assert marta.post(url, form).status_code == 422


def test_an_end_at_midnight_a_closure_of_some_hours_and_an_opening_are_kept_as_written(cast, marta):
    url, form = form_of(cast, **{"from-6": ["22:00"], "until-6": ["24:00"]})
    with_row(form, "closure", "2026-12-24", "Nochebuena", "13:00", "24:00")
    with_row(form, "opening", "2026-12-08", "", "9", "12")
    with_row(form, "closure", "2026-12-31", "", "", "")

    assert marta.post(url, form).status_code == 302

    with tenant(cast.bank.pk):
        assert OpeningHours.objects.get(weekday=6).closes_at == time(23, 59)
        rows = set(OneOff.objects.values_list("day", "begins_at", "ends_at", "is_open"))
    assert rows == {
        (date(2026, 12, 24), time(13), time(23, 59), False),
        (date(2026, 12, 8), time(9), time(12), True),
        (date(2026, 12, 31), time(0), time(23, 59), False),
    }
    _, again = form_of(cast)
    assert again["until-6"] == [end_words(time(23, 59))]
    assert "nada que guardar" in notices(marta.post(url, again, follow=True))


def test_always_open_needs_no_stretch(cast, marta):
    empty = {f"{which}-{day}": [] for day in range(7) for which in ("from", "until")}
    url, form = form_of(cast, always="1", **empty)

    assert marta.post(url, form).status_code == 302
    assert "24 horas" in marta.get(HOURS).content.decode()


def test_holidays_of_a_region_are_brought_as_rows_to_edit(cast, marta):
    url, form = form_of(cast)

    page = marta.post(url, form | {"do": "fill", "country": "ES", "region": "MD"}).content.decode()

    assert re.search(r"Se trajeron \d+ festivos", page)
    assert 'value="2027-05-02"' in page or 'value="2027-05-03"' in page
    half = marta.post(url, form | {"do": "early"}).content.decode()
    assert ('value="early"' in page, 'value="early"' in half) == (True, False)
    assert len(re.findall(r'value="\d{4}-12-(?:24|31)"', half)) == 2
    with tenant(cast.bank.pk):
        assert not Holiday.objects.filter(day=date(2027, 10, 12)).exists()


def test_a_preview_does_not_press_the_button_that_has_the_focus(cast, marta):
    url, form = form_of(cast)

    page = marta.post(url, form | {"preview": "1", "do": "drop:0:0"}).content.decode()

    assert page.count('name="from-0"') == 1


def test_buttons_add_copy_and_take_away(cast, marta):
    url, form = form_of(cast)

    added = marta.post(url, form | {"do": "add:0"}).content.decode()
    copied = marta.post(url, form | {"do": "copy", "from-0": ["07:30"]}).content.decode()
    gone = marta.post(url, form | {"do": "drop:0:0"}).content.decode()
    strange = marta.post(url, form | {"do": "drop:99:1:x"})

    assert added.count('name="from-0"') == 2
    assert copied.count('value="07:30"') == 5
    assert gone.count('name="from-0"') == 0
    assert strange.status_code == 200


def test_the_button_beside_a_row_takes_that_row_away(cast, marta):
    """The page shows coming days first, then far ones, then what is past: the button counts as the form is posted."""
    url, form = form_of(cast)
    page = marta.post(url, with_row(form, "holiday", "2026-11-30", "Fiesta local", "", "") | {"preview": "1"})
    rows = re.findall(r'<li class="cal-row".*?</li>', page.content.decode(), re.DOTALL)
    posted = {name: [cell(row, name) for row in rows] for name in ("day", "name", "from", "until")}
    here = next(number for number, row in enumerate(rows) if "Fiesta local" in row)
    again = form | {f"row-{name}": cells for name, cells in posted.items()}
    again["row-what"] = ["holiday"] * len(rows)
    button = re.search(r'value="(unrow:\d+)"', rows[here])[1]

    left = marta.post(url, again | {"do": button}).content.decode()

    assert "Fiesta local" not in left
    assert left.count('class="cal-row"') == len(rows) - 1


def cell(row: str, name: str) -> str:
    return re.search(rf'name="row-{name}" value="([^"]*)"', row)[1]


def test_another_calendar_is_given_to_an_account_and_cannot_be_taken_away_while_used(cast, marta, as_worker):
    with tenant(cast.bank.pk):
        first = Calendar.objects.get().pk
        policy = AccountPolicy.objects.get(account=cast.bank_page).pk
    answer = marta.post(f"{HOURS}nuevo/", {"like": first, "name": "Fines de semana"}, follow=True)
    assert "Fines de semana" in notices(answer)
    with tenant(cast.bank.pk):
        made = Calendar.objects.get(name="Fines de semana").pk
        assert (
            Holiday.objects.filter(calendar_id=made).count()
            == Holiday.objects.filter(calendar_id=first).count()
        )
    form = {"calendar": made, "phone": "", "email": "", "notices": "off"}

    assert marta.post(f"{HOURS}cuenta/{policy}/", form).status_code == 302

    refused = marta.post(f"{HOURS}{made}/quitar/", follow=True)
    assert "hay cuentas que atienden con él" in notices(refused)
    marta.post(f"{HOURS}cuenta/{policy}/", form | {"calendar": first})
    assert "Se quitó" in notices(marta.post(f"{HOURS}{made}/quitar/", follow=True))
    with tenant(cast.bank.pk):
        assert not Calendar.objects.filter(pk=made).exists()
    assert "hay cuentas" in notices(marta.post(f"{HOURS}{first}/quitar/", follow=True))


def test_published_hours_are_flagged_copied_and_marked(cast, marta):
    with tenant(cast.bank.pk):
        policy = AccountPolicy.objects.get(account=cast.bank_x).pk
    url = f"{HOURS}cuenta/{policy}/"
    assert "sus clientes asumirán 24/7" in marta.get(url).content.decode()
    assert "sus clientes asumirán 24/7" in marta.get("/frailejon/ajustes/cuentas/").content.decode()

    with tenant(cast.bank.pk):
        calendar = Calendar.objects.get().pk
    form = {
        "calendar": calendar,
        "phone": "601 555 0100",
        "email": "ayuda@frailejon.example",
        "notices": "private",
    }
    marta.post(url, form)
    page = marta.get(url).content.decode()
    assert (
        "Atendemos lun a vie 8:00–20:00, sáb 8:00–14:00. Tel. 601 555 0100. ayuda@frailejon.example"
    ) in page

    marta.post(url, {"published": "1"})
    assert "asumirán" not in marta.get(url).content.decode()
    marta.post(url, form | {"phone": "*611"})
    assert "ya no es lo que se atiende" in marta.get(url).content.decode()
    assert marta.post(url, form | {"phone": "llame ya"}).status_code == 422
