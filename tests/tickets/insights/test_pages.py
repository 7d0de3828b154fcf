"""Who sees which figures, what leads where, bad input, and files that no spreadsheet takes for a program."""

from __future__ import annotations

import csv
import io
import tracemalloc
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.test import override_settings

from helpdesk import clock
from helpdesk.tenancy.context import tenant, whole
from tests.cast import bank_today
from tests.stories import DIANA, OTHER, hear, mention
from tickets.areas.models import Area
from tickets.cases.access import MemberAccount
from tickets.cases.models import Ticket
from tickets.insights.definitions import BEHIND, definitions
from tickets.insights.domain.sweeping import sweep
from tickets.insights.enums import Cut
from tickets.insights.export import Source, csv_lines, plain
from tickets.insights.models import DayFigure
from tickets.insights.queries.behind import WHAT
from tickets.insights.queries.figures import Asked
from tickets.insights.rules.figures import FIGURES
from tickets.insights.rules.periods import Period

HOME = "/frailejon/tablero/cifras/"


@pytest.fixture
def told(cast: Any) -> Any:
    """Two cases of the bank, one by X and one by Facebook, one of them Juan's; counted."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde", number=1, author=DIANA))
    hear(cast, mention("@FrailejonAyuda quiero el certificado de mi cuenta", number=2, author=OTHER))
    with tenant(cast.bank.pk):
        first, last = Ticket.objects.order_by("pk")
        Ticket.objects.filter(pk=first.pk).update(assignee=cast.juan)
        Ticket.objects.filter(pk=last.pk).update(account=cast.bank_page)
        sweep(cast.bank, now=clock.now())
    return first, last


def _row(page: str, code: str) -> str:
    """The row of a figure in the table of all."""
    return page.partition("t-all")[2].partition(f'#{code}"')[2].partition("</tr>")[0]


def test_every_figure_has_its_definition_and_leads_somewhere() -> None:
    assert list(definitions()) == list(FIGURES)
    assert set(BEHIND) == set(FIGURES)
    assert {what for what in BEHIND.values() if what} <= set(WHAT)


def test_supervisor_sees_all_and_the_cases_behind(cast, told, log_in) -> None:
    client = log_in(cast.paola)
    page = client.get(HOME).content.decode()

    assert "<b>2</b>" in _row(page, "opened")
    link = _row(page, "opened").partition('href="')[2].partition('"')[0].replace("&amp;", "&")
    cases = client.get(link).content.decode()
    assert f"/frailejon/casos/{told[0].number}/" in cases
    assert f"/frailejon/casos/{told[1].number}/" in cases
    meanings = client.get(f"{HOME}definiciones/").content.decode()
    assert all(f'id="{code}"' in meanings for code in FIGURES)


def test_groups_lead_to_their_own_figures(cast, told, log_in) -> None:
    client = log_in(cast.paola)
    parts = client.get(f"{HOME}grupos/?por=agent", headers={"HX-Request": "true"}).content.decode()

    assert "Juan Carlos ^JC" in parts
    assert "<html" not in parts
    own = client.get(f"{HOME}?cut=agent&key={cast.juan.pk}").content.decode()
    assert "<b>1</b>" in _row(own, "opened")
    assert "Juan Carlos ^JC" in client.get(f"{HOME}grupos/?por=agent").content.decode()


def test_agent_sees_only_their_own(cast, told, log_in) -> None:
    client = log_in(cast.juan)

    assert "<b>1</b>" in _row(client.get(HOME).content.decode(), "opened")
    assert "<b>1</b>" in _row(client.get(f"{HOME}?cut=agent&key={cast.paola.pk}").content.decode(), "opened")
    lines = list(
        csv.reader(io.StringIO(client.get(f"{HOME}archivo.csv?por=account").getvalue().decode("utf-8-sig")))
    )
    assert sum(int(line[4]) for line in lines[1:]) == 1


def test_admin_sees_how_care_is_and_nobody(cast, told, log_in) -> None:
    client = log_in(cast.marta)
    page = client.get(HOME).content.decode()

    assert "<b>2</b>" in _row(page, "opened")
    assert "/tablero/cifras/casos/" not in page
    assert "Asesor" not in client.get(f"{HOME}grupos/?por=agent").content.decode()
    assert client.get(f"{HOME}casos/opened/").status_code == 403


def test_limited_member_sees_figures_of_their_accounts(cast, told, log_in) -> None:
    with tenant(cast.bank.pk):
        type(cast.paola).objects.filter(pk=cast.paola.pk).update(is_limited=True)
        MemberAccount.objects.create(organization=cast.bank, member=cast.paola, account=cast.bank_page)
    client = log_in(cast.paola)

    assert "<b>1</b>" in _row(client.get(HOME).content.decode(), "opened")
    assert client.get(f"{HOME}?cuenta={cast.bank_x.pk}").status_code == 404
    lines = list(csv.reader(io.StringIO(client.get(f"{HOME}archivo.csv").getvalue().decode("utf-8-sig"))))
    assert sum(int(line[4]) for line in lines[1:]) == 1


def test_reserved_case_counts_and_is_not_listed(cast, told, log_in) -> None:
    with tenant(cast.bank.pk):
        with whole():
            Ticket.objects.filter(pk=told[0].pk).update(is_reserved=True)
        sweep(cast.bank, now=clock.now())
    client = log_in(cast.paola)

    assert "<b>2</b>" in _row(client.get(HOME).content.decode(), "opened")
    cases = client.get(f"{HOME}casos/opened/").content.decode()
    assert f"/frailejon/casos/{told[0].number}/" not in cases
    assert f"/frailejon/casos/{told[1].number}/" in cases


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("desde=2016-01-01&hasta=2030-01-01", "se muestra hasta hoy"),
        ("desde=2026-11-20&hasta=2026-11-01", "estaban al revés"),
        ("desde=2026-02-31", "Una de las fechas no existe"),
        ("desde=1995-01-01&hasta=1995-02-01", "no hay nada contado"),
        ("periodo=abc&por=xyz&cut=nada&key=%00", "frente a"),
    ],
)
def test_bad_input_gets_figures_or_a_sentence(cast, told, log_in, query, says) -> None:
    client = log_in(cast.paola)
    answer = client.get(f"{HOME}?{query}")

    assert answer.status_code == 200
    assert says in answer.content.decode()
    for part in ("grupos/", "casos/message/", "archivo.csv", "archivo.xlsx"):
        found = client.get(f"{HOME}{part}?{query}")
        assert found.status_code == 200
        assert found.getvalue()


def test_ids_of_another_organization_are_not_there(cast, told, log_in) -> None:
    with tenant(cast.airline.pk):
        area = Area.objects.create(organization=cast.airline, name="Equipajes", address="e@a.example")
    client = log_in(cast.paola)

    for query in (f"cuenta={cast.airline_x.pk}", f"cut=agent&key={cast.carla.pk}", f"cut=area&key={area.pk}",
                  "cut=kind&key=nada", "cut=motive&key=99999999999999999999"):  # fmt: skip
        assert client.get(f"{HOME}?{query}").status_code == 404, query
        assert client.get(f"{HOME}archivo.csv?{query}").status_code == 404, query
    assert client.get(f"{HOME}casos/nada/").status_code == 404
    assert client.get(f"{HOME}casos/opened/?sigue=x,y&hora=99&dia=-1").status_code == 200


def test_colleague_who_left_keeps_their_figures(cast, told, log_in) -> None:
    with tenant(cast.bank.pk):
        type(cast.juan).objects.filter(pk=cast.juan.pk).update(is_active=False)
    parts = log_in(cast.paola).get(f"{HOME}grupos/?por=agent").content.decode()

    assert "Juan Carlos ^JC (ya no está)" in parts


def test_adjustments_of_a_closed_month_are_shown_apart(cast, told, log_in) -> None:
    with tenant(cast.bank.pk):
        now = clock.now() + timedelta(days=65)
        sweep(cast.bank, now=now)  # what is counted is closed by then
        Ticket.objects.update(opened_at=told[0].opened_at)
        Ticket.objects.filter(pk=told[1].pk).update(state="joined")
        sweep(cast.bank, now=now)
    page = log_in(cast.paola).get(HOME).content.decode()

    assert "<b>2</b>" in _row(page, "opened")
    adjusted = page.partition("Ajustes de meses cerrados")[2]
    assert "Casos nuevos" in adjusted
    assert '<td class="r">2</td><td class="r">1</td>' in adjusted


def test_files_have_a_line_a_day_and_no_formula(cast, told, log_in) -> None:
    today = clock.now().astimezone(ZoneInfo(cast.bank.timezone)).date()
    with tenant(cast.bank.pk):
        area = Area.objects.create(organization=cast.bank, name="=1+1|cmd", address="x@b.example")
        DayFigure.objects.create(
            organization=cast.bank, day=today, cut=Cut.AREA, key=str(area.pk), opened=3
        )  # fmt: skip
    client = log_in(cast.paola)

    text = client.get(f"{HOME}archivo.csv?por=area").getvalue().decode("utf-8-sig")
    assert "'=1+1|cmd" in text
    assert not any(cell[:1] in "=+@" for line in csv.reader(io.StringIO(text)) for cell in line if cell)
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"{HOME}archivo.xlsx?por=area").getvalue()))
    cells = [cell for row in book.active.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert "=1+1|cmd" in [cell.value for cell in cells]


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "  =1", "＝1"])
def test_text_that_would_be_a_formula_is_told_as_text(text: str) -> None:
    assert plain(text).startswith("'")
    assert plain("Ana (1)") == "Ana (1)"


@override_settings(DATABASE_PLANS=False)
def test_a_file_of_ten_years_takes_no_more_memory_than_one_of_a_month(cast) -> None:
    today = bank_today()
    with tenant(cast.bank.pk):
        rows = [
            DayFigure(organization=cast.bank, day=today - timedelta(days=back), cut=Cut.KIND, key="queja",
                      account=account, opened=1, hours=10**150)
            for back in range(0, 3650) for account in range(3)
        ]  # fmt: skip
        DayFigure.objects.bulk_create(rows)
        del rows

    def peak(days: int) -> int:
        period = Period(today - timedelta(days=days), today)
        source = Source(cast.bank, cast.paola, Asked(cast.bank.pk, period, by=Cut.KIND))
        tracemalloc.start()
        lines = sum(piece.count(b"\n") for piece in csv_lines(source))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert lines == min(days, 3649) + 2
        return most

    peak(31)
    assert peak(3640) < 2 * peak(31)
