"""A file of cases: looked through, taken in by pieces, twice the same, stopped, mended; nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from helpdesk.tenancy.context import tenant
from tickets.cases.filings import Reference
from tickets.cases.models import Filing, Message, Ticket
from tickets.customers.models import Customer
from tickets.doors.domain import importing, imports
from tickets.doors.domain.imports import tidy
from tickets.doors.models import CaseImport, ImportPiece, ImportState
from tickets.enums import TicketState

HERE = "/frailejon/ajustes/importar/"
FILE = (
    "Número;Canal;Fecha;Nombre;Teléfono;Documento;Texto;Tipo;Estado;Vence;Respuesta;Resuelto;Color\r\n"
    "SAC-881;llamada;20/11/2026 9:15;Rosa Niño;310 456 7890;CC 52123456;"
    '"Le cobraron\r\ndos veces";reclamo;en estudio;4/12/2026;;no;azul\r\n'
    "SAC-882;oficina;20/11/2026;Luis Peña;;;Pide un extracto;petición;cerrado;;Se lo enviamos;sí;rojo\r\n"
    "SAC-883;llamada;mañana;Ana;12;;Sin fecha;queja;;;;;\r\n"
    "SAC-881;llamada;20/11/2026 9:15;Rosa Niño;310 456 7890;CC 52123456;"
    "Le cobraron;reclamo;en proveedor;4/12/2026;;no;\r\n"
)


@pytest.fixture
def desk(cast, log_in):
    return log_in(cast.marta)


@pytest.fixture
def run(cast, as_worker) -> Callable[[], list[int]]:
    """The workers go on until no file waits; the cases they told the consoles of."""

    def go() -> list[int]:
        told: list[int] = []
        with as_worker():
            while importing.work(lambda _org, tickets: told.extend(tickets)):
                pass
        return told

    return go


def upload(desk, text: str | bytes = FILE, name: str = "casos.csv") -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    return desk.post(HERE, {"file": SimpleUploadedFile(name, data), "system": "sac"})


def newest(cast) -> CaseImport:
    with tenant(cast.bank.pk):
        return CaseImport.objects.order_by("pk").last()


def in_all(cast, desk, run, text=FILE) -> CaseImport:
    upload(desk, text)
    run()
    made = newest(cast)
    desk.post(f"{HERE}{made.pk}/empezar/")
    run()
    return newest(cast)


def did(cast, made) -> dict[str, int]:
    with tenant(cast.bank.pk):
        return importing.totals(made)["did"]


def test_dry_run_says_what_each_row_would_do_and_changes_nothing(cast, desk, run):
    answer = upload(desk)
    run()

    made = newest(cast)
    assert (answer.status_code, made.state, made.rows) == (302, ImportState.CHECKED, 4)
    with tenant(cast.bank.pk):
        assert importing.totals(made)["would"] == {"open": 2, "update": 1, "wrong": 1}
        assert not Ticket.objects.exists()
    page = desk.get(answer["Location"]).content.decode()
    assert "Columnas que no se usan: Color" in " ".join(page.replace("</span>", "").split())
    assert "No es una fecha: escríbala así" in page
    assert "No es un teléfono" in page


def test_rows_become_cases_like_any_other(cast, desk, run):
    made = in_all(cast, desk, run)

    assert (made.state, did(cast, made)) == (ImportState.DONE, {"open": 2, "update": 1, "wrong": 1})
    with tenant(cast.bank.pk):
        rosa = Ticket.objects.select_related("customer").get(customer__name="Rosa Niño")
        luis = Ticket.objects.get(customer__name="Luis Peña")
        assert Message.objects.get(ticket=rosa).text == "Le cobraron\r\ndos veces"
        states = dict(Reference.objects.values_list("number", "state"))
        assert set(Filing.objects.values_list("telling", flat=True)) == {"off"}
    assert (rosa.channel, rosa.kind, rosa.next_clock_kind) == ("phone", "reclamo", "first_response")
    assert rosa.radicado is not None
    assert (luis.channel, luis.state) == ("office", TicketState.RESOLVED)
    assert states == {"SAC-881": "en proveedor", "SAC-882": "cerrado"}


def test_imported_case_is_found_by_its_number_and_stands_in_the_queue(cast, desk, run, client):
    in_all(cast, desk, run)
    client.force_login(cast.juan.user)

    assert "Rosa Niño" in client.get("/frailejon/casos/").content.decode()
    assert "Rosa Niño" in client.get("/frailejon/casos/?q=sac+881").content.decode()


def test_same_file_again_changes_nothing(cast, desk, run):
    in_all(cast, desk, run, FILE.rsplit("SAC-881", 1)[0])
    with tenant(cast.bank.pk):
        before = list(Ticket.objects.order_by("pk").values())

    made = in_all(cast, desk, run, FILE.rsplit("SAC-881", 1)[0])

    assert did(cast, made) == {"same": 2, "wrong": 1}
    with tenant(cast.bank.pk):
        assert list(Ticket.objects.order_by("pk").values()) == before
        assert Message.objects.filter(direction="in").count() == Customer.objects.count() == 2


def test_dry_run_counts_a_repeated_row_as_the_run_does(cast, desk, run):
    first = FILE.rsplit("SAC-881", 1)[0]
    twice = FILE + FILE.partition("\r\n")[2]
    for text in (first + first.partition("\r\n")[2], twice):
        made = in_all(cast, desk, run, text)
        with tenant(cast.bank.pk):
            found = importing.totals(made)
        assert found["would"] == found["did"]


def test_a_number_whose_rows_before_are_wrong_is_opened_by_the_first_good_one(cast, desk, run, monkeypatch):
    """Wrong, wrong, good, the same again and news of it: also when each stands in another piece."""
    head = FILE.partition("\r\n")[0]
    row = "SAC-{};llamada;{};Ana;;;Sin fecha;queja;{};;;;"
    rows = [("90", "mañana", ""), ("90", "ayer", ""), ("91", "20/11/2026", ""), ("90", "20/11/2026", "a"),
            ("90", "20/11/2026", "a"), ("90", "nunca", "b"), ("90", "20/11/2026", "c")]  # fmt: skip
    for size, prefix in ((200, "7"), (1, "8")):
        monkeypatch.setattr(imports, "PIECE", size)
        text = "\r\n".join([head, *(row.format(prefix + number, day, state) for number, day, state in rows)])
        made = in_all(cast, desk, run, text + "\r\n")
        with tenant(cast.bank.pk):
            found = importing.totals(made)
        assert found["would"] == {"wrong": 3, "open": 2, "same": 1, "update": 1}
        assert found["did"] == found["would"]


def test_dry_run_of_the_same_file_says_so(cast, desk, run):
    in_all(cast, desk, run, FILE.rsplit("SAC-881", 1)[0])
    upload(desk, FILE.rsplit("SAC-881", 1)[0])
    run()

    with tenant(cast.bank.pk):
        assert importing.totals(newest(cast))["would"] == {"same": 2, "wrong": 1}


def test_errors_come_back_as_a_file_that_runs_nothing_and_can_be_mended(cast, desk, run):
    evil = "Número;Texto;Teléfono;Nombre\r\n=HYPERLINK(1);hola;12;@SUM(A1)\r\n+1;hola;12;-2\r\n"
    made = in_all(cast, desk, run, evil)

    answer = desk.get(f"{HERE}{made.pk}/errores.csv")
    text = answer.content.decode("utf-8-sig")

    assert answer["Content-Type"].startswith("text/csv")
    assert "attachment" in answer["Content-Disposition"]
    cells = [cell.strip('"') for line in text.splitlines() for cell in line.split(";")]
    assert not [cell for cell in cells if cell.lstrip(" ")[:1] in ("=", "+", "-", "@")]
    assert "'=HYPERLINK(1)" in cells
    assert "Teléfono: No es un teléfono" in text
    mended = text.replace(";12;", ";310 456 7890;")
    assert did(cast, in_all(cast, desk, run, mended)) == {"open": 2, "wrong": 0}


def test_nothing_of_the_file_stays_in_the_database_but_its_mistakes_and_these_a_week(cast, desk, run):
    made = in_all(cast, desk, run)
    with tenant(cast.bank.pk):
        piece = ImportPiece.objects.get(case_import=made)
        assert b"Ana" not in bytes(piece.sealed)
        assert [line for line, *_ in importing.unseal(piece)] == [5]
        CaseImport.objects.update(created_at="2026-01-01T00:00:00Z")
        tidy(cast.bank.pk)
        assert ImportPiece.objects.get(case_import=made).sealed is None


def test_card_number_in_a_file_is_cut_before_it_is_put_aside(cast, desk):
    upload(desk, "Número;Texto\nA-1;mi tarjeta 4111 1111 1111 1111 cvv 123\n")

    with tenant(cast.bank.pk):
        rows = importing.unseal(ImportPiece.objects.get())
    assert "4111 1111" not in str(rows)
    assert "123" not in str(rows)


def test_stopped_import_keeps_what_is_in_and_forgets_the_rest(cast, desk, run, as_worker):
    rows = "".join(f"N-{n};texto {n}\n" for n in range(450))
    upload(desk, f"Número;Texto\n{rows}")
    run()
    made = newest(cast)
    desk.post(f"{HERE}{made.pk}/empezar/")
    with as_worker():
        importing.work(lambda *_: None, seconds=0.0001)
    desk.post(f"{HERE}{made.pk}/cancelar/")
    run()

    with tenant(cast.bank.pk):
        assert Ticket.objects.count() == 200
        assert not ImportPiece.objects.exclude(sealed=None).exists()
    assert newest(cast).state == ImportState.CANCELLED
    desk.post(f"{HERE}{made.pk}/empezar/")
    assert newest(cast).state == ImportState.CANCELLED


def test_number_too_long_with_the_name_of_its_system_is_one_wrong_row(cast, desk, run):
    system = "s" * 39

    made = in_all(
        cast, desk, run, f"Número;Sistema;Texto\nA-1;sac;uno\nA-2;{system};dos\n{'9' * 40};{system};tres\n"
    )

    assert did(cast, made) == {"open": 2, "wrong": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "vac"),
        (b"uno;dos\n1;2\n", "nombrar las columnas"),
        (b"PK\x03\x04\x00\x00\x00\x00\x00\x00\x00\x00xlsx" * 9, "no es una tabla"),
        ('Número;Texto;Tipo\nA;"abre;q\nB;b;q\n'.encode(), "línea 2"),
        (b"Numero;Texto\n", "no tiene filas"),
    ],
)
def test_file_that_is_no_table_is_refused_with_its_reason(cast, desk, data, said):
    answer = upload(desk, data)

    assert answer.status_code == 422
    assert said in answer.content.decode()
    with tenant(cast.bank.pk):
        assert not CaseImport.objects.exists()


def test_agent_imports_nothing(cast, log_in):
    assert upload(log_in(cast.juan)).status_code == 403


def test_file_of_another_organization_is_not_found(cast, desk, log_in):
    upload(desk)
    made = newest(cast)
    with tenant(cast.airline.pk):
        cast.carla.permissions = [*cast.carla.permissions, "manage_accounts"]
        cast.carla.save()
    theirs = log_in(cast.carla)

    for address in ("", "errores.csv"):
        assert theirs.get(f"/alisios/ajustes/importar/{made.pk}/{address}").status_code == 404
    assert theirs.post(f"/alisios/ajustes/importar/{made.pk}/empezar/").status_code == 404


def test_secret_of_a_key_is_shown_once(cast, desk):
    shown = desk.post("/frailejon/ajustes/sistemas/", {"label": "Genesys"})
    again = desk.get("/frailejon/ajustes/sistemas/")

    assert "cfs_" in shown.content.decode()
    assert "cfs_" not in again.content.decode()
    assert shown["Cache-Control"] == again["Cache-Control"] == "no-store"
    assert "Genesys" in again.content.decode()
