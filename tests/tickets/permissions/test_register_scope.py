"""The register finds any customer: it is for those who take cases, not for an area or marketing."""

from __future__ import annotations

import pytest


@pytest.mark.parametrize(
    ("role", "status"), [("agent", 200), ("supervisor", 200), ("area", 403), ("marketing", 403)]
)
def test_only_who_takes_cases_looks_up_customers(people, say, at, role, status):
    say("me cobraron dos veces")
    client = at(getattr(people, role))

    for path in ("registrar/", "registrar/personas/?who=Persona"):
        assert client.get(f"/frailejon/{path}").status_code == status, path
