"""The API does what its OpenAPI says: schemathesis asks, with real rows behind, and every answer is in the schema."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import schemathesis
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

from helpdesk.tenancy.context import tenant
from tests.stories import hear, mention
from tests.tickets.api.receiver import Receiver
from tickets.api.views.schema import document
from tickets.cases.models import Filing, Ticket

EXAMPLES = 6
load_all_checks()
# A well-formed request may still be refused (a case that is joined, an answer too long, no such number).
RULES_OF_THE_DESK = [CHECKS.get_one("positive_data_acceptance")]
OPERATIONS = sorted(
    (path, method)
    for path, methods in document("es")["paths"].items()
    for method in methods
    if method in ("get", "post", "patch", "delete")
)


@pytest.fixture
def known(cast, speak, settings) -> Iterator[Any]:
    """What is there: a filed case, its customer, a subscription."""
    settings.API_PER_MINUTE = 1_000_000
    receiver = Receiver()
    settings.WEBHOOK_DEV_HOSTS = [f"127.0.0.1:{receiver.port}"]
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde"))
    speaker = speak()
    made = speaker("post", "webhooks/", {"url": receiver.url, "events": ["ticket.created"]}).json()
    receiver.stop()
    with tenant(cast.bank.pk):
        ticket, filing = Ticket.objects.get(), Filing.objects.get()
    # As Django's own test client: the connection holds the test's transaction.
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield speaker, {
        "org": "frailejon", "number": ticket.number, "radicado": filing.radicado,
        "id": made["id"], "customer": ticket.customer_id,
    }  # fmt: skip
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_description_is_served_to_everybody():
    answer = Client().get("/api/v1/schema/")

    body = json.loads(answer.content)
    assert (answer.status_code, body["openapi"]) == (200, "3.0.3")
    assert len(OPERATIONS) == 18


@cache
def _schema() -> Any:
    """As served; schemathesis reads our whole code for each it is given."""
    return schemathesis.openapi.from_wsgi("/api/v1/schema/", WSGIHandler())


@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_api_does_what_its_description_says(known, path, method):
    speaker, rows = known
    operation = _schema()[path][method.upper()]
    fixed = {name: value for name, value in rows.items() if f"{{{name}}}" in path}
    if "customers" in path and "id" in fixed:
        fixed["id"] = rows["customer"]
    key = {"Authorization": f"Bearer {speaker.words}"}

    good = _ask(operation, GenerationMode.POSITIVE, key, fixed)
    bad = _ask(operation, GenerationMode.NEGATIVE, key, None)

    assert method != "get" or 200 in good
    assert not bad or min(bad) >= 200


def _ask(
    operation: Any, mode: GenerationMode, key: dict[str, str], fixed: dict[str, Any] | None
) -> list[int]:
    """Some calls, each judged by schemathesis; their statuses. ``fixed``: parts of the path that are there."""
    seen: list[int] = []

    @hypothesis_settings(
        max_examples=EXAMPLES, deadline=None, database=None, derandomize=True,
        suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate],
    )  # fmt: skip
    @given(case=operation.as_strategy(generation_mode=mode))
    def ask(case: Any) -> None:
        if fixed is not None:
            case.path_parameters = fixed
        answer = case.call_and_validate(headers=key, excluded_checks=RULES_OF_THE_DESK)
        seen.append(answer.status_code)

    ask()
    return seen
