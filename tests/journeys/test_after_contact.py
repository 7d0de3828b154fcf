"""An answered customer is asked whether it stayed solved; their «no» reopens the same case before our eyes."""

from __future__ import annotations

import psycopg2
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of, resolve

pytestmark = [pytest.mark.browser, pytest.mark.live]
# Three business days are not waited for: the case stands on the list as on a day when nobody may be written to.
LISTED = """
INSERT INTO tickets_aftercontact (organization_id, ticket_id, state, code, answered_since, due_at, expires_at)
SELECT organization_id, id, 'listed', 'failed', resolved_at, now(), now() + interval '9 days'
FROM tickets_ticket WHERE number = %s AND organization_id = (
    SELECT id FROM helpdesk_organization WHERE slug = 'frailejon')
"""


def put_on_the_list(house: dict[str, str], number: int) -> None:
    connection = psycopg2.connect(house["DATABASE_URL"])
    with connection, connection.cursor() as cursor:
        cursor.execute(LISTED, [number])
        assert cursor.rowcount == 1
    connection.close()


def test_a_no_to_the_after_contact_reopens_the_case(house, console, control, stranger):
    page = console()
    control(
        "POST", "/x/dms", {"as": stranger, "to": "FrailejonAyuda", "text": "¿a qué hora abren en Usaquén?"}
    )
    open_case_of(page, "abren en Usaquén")
    resolve(page)
    case = page.url.split("?")[0]
    put_on_the_list(house, int(case.rstrip("/").split("/")[-1]))

    page.goto(f"{house['BASE_URL']}/frailejon/contacto-posterior/")
    expect(page.locator("main")).to_contain_text("la pregunta no salió")
    assert not [one["id"] for one in Axe().run(page).response["violations"]]
    page.get_by_role("button", name="Preguntar ahora").click()
    expect(page.locator("main")).to_contain_text("No hay a quién preguntar")
    eventually(lambda: [m for m in control("GET", "/dms")["dms"] if "¿Quedó solucionado?" in m["text"]])

    page.goto(case)
    control("POST", "/x/dms", {"as": stranger, "to": "FrailejonAyuda", "text": "nada que ver, sigue igual"})
    expect(page.locator("#case-head")).not_to_contain_text("Resuelto", timeout=15_000)
    story = page.locator("#msgs")
    expect(story).to_contain_text("abren en Usaquén")
    expect(story).to_contain_text("El cliente dijo que no quedó solucionado")
    expect(story).to_contain_text("El cliente reabrió el caso")
