"""The stranger tries every address. A pattern without an example here fails the test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.permissions import Permission
from helpdesk.tenancy.tokens import Scope
from protocols.models import AnswerTemplate, Calendar, Protocol
from tests.stories import declare_one, file_case, open_case
from tickets.api.domain.tokens import make_token
from tickets.cases.models import Ticket
from tickets.clocks.models import Clock
from tickets.settings.models import AccountPolicy

# What each parameter of a pattern of `/<org>/…` is filled with; {…} are keys of the bank's own rows.
EXAMPLES = {
    "queue": {},
    "board": {},
    "board_pass": {"number": "{number}"},
    "board_pass_undo": {"number": "{number}"},
    "incidents": {},
    "incident_new": {},
    "incident": {"number": "{incident}"},
    "incident_change": {"number": "{incident}"},
    "incident_notice": {"number": "{incident}"},
    "incident_cases": {"number": "{incident}"},
    "incident_pinned": {"number": "{number}"},
    "incident_answers": {"number": "{incident}"},
    "incident_answers_stop": {"number": "{incident}", "pk": "{batch}"},
    "case": {"number": "{number}"},
    "customer": {"number": "{number}"},
    "reply": {"number": "{number}"},
    "uploads": {"number": "{number}"},
    "upload": {"pk": "1"},
    "note": {"number": "{number}"},
    "assign": {"number": "{number}"},
    "kind": {"number": "{number}"},
    "resolve": {"number": "{number}"},
    "typify": {"number": "{number}"},
    "take_priority": {"number": "{number}"},
    "reopen": {"number": "{number}"},
    "wait": {"number": "{number}"},
    "unwait": {"number": "{number}"},
    "message_change": {"pk": "{message}", "what": "cancel"},
    "after_contacts": {},
    "board_figures": {},
    "board_figures_parts": {},
    "board_figures_meanings": {},
    "board_figures_cases": {"what": "opened"},
    "board_figures_file": {"form": "csv"},
    "after_contact": {"pk": "1"},
    "after_contact_settings": {},
    "follow": {"number": "{number}"},
    "protocols": {},
    "protocol_add": {},
    "protocol": {"pk": "{protocol}"},
    "protocol_life": {"pk": "{protocol}"},
    "answer_templates": {},
    "answer_template_add": {},
    "answer_template": {"pk": "{template}"},
    "answer_template_life": {"pk": "{template}"},
    "protocol_panel": {"number": "{number}"},
    "protocol_step": {"number": "{number}"},
    "protocol_change": {"number": "{number}"},
    "protocol_grant": {"number": "{number}"},
    "case_templates": {"number": "{number}"},
    "case_articles": {"number": "{number}"},
    "article_from_answer": {"number": "{number}"},
    "articles": {},
    "article_add": {},
    "article_themes": {},
    "article_missed": {"pk": "1"},
    "article": {"pk": "1"},
    "article_life": {"pk": "1"},
    "article_cases": {"pk": "1"},
    "question_groups": {},
    "question_group": {"pk": "1"},
    "hide": {"pk": "{message}"},
    "file_case": {"number": "{number}"},
    "references": {"number": "{number}"},
    "reference_remove": {"pk": "{reference}"},
    "join": {"number": "{number}"},
    "split": {"number": "{number}"},
    "move_undo": {"pk": "{move}"},
    "filing": {},
    "policies": {},
    "policy_new": {},
    "policy": {"pk": "1"},
    "legal_terms": {},
    "legal_term": {"pk": "1"},
    "customer_level": {"number": "{number}"},
    "no_contact": {"number": "{number}"},
    "definitive": {"number": "{number}"},
    "extension": {"number": "{number}"},
    "suspension": {"number": "{number}"},
    "media": {"pk": "{media}"},
    "register": {},
    "register_people": {},
    "register_theirs": {},
    "register_kind": {},
    "spoken": {"number": "{number}"},
    "message_unmask": {"pk": "{message}"},
    "case_open": {"number": "{number}"},
    "case_reserve": {"number": "{number}"},
    "case_hand_over": {"number": "{number}"},
    "petition": {"number": "{number}", "pk": "1"},
    "rights_changes": {},
    "rights_change": {"pk": "1"},
    "account_purpose": {"pk": "{account}"},
    "sign_on_settings": {},
    "sign_on_decide": {},
    "identity_add": {"number": "{number}"},
    "identity_change": {"number": "{number}", "pk": "1", "what": "see"},
    "identity_check": {"number": "{number}"},
    "same_person": {"number": "{number}"},
    "unify": {"number": "{number}"},
    "keep_apart": {"number": "{number}"},
    "likely_cases": {"number": "{number}"},
    "join_open_case": {"number": "{number}"},
    "go_on_apart": {"number": "{number}"},
    "unifications": {},
    "unification": {"pk": "1", "step": "approve"},
    "alarms": {},
    "alarm": {"pk": "1"},
    "alarm_preferences": {},
    "alarm_browser": {},
    "on_call": {},
    "on_call_drop": {"pk": "1"},
    "on_call_swap": {},
    "on_call_swap_drop": {"pk": "1"},
    "escalation": {},
    "escalation_rule": {"pk": "1"},
    "escalation_preview": {},
    "practice": {},
    "practice_feedback": {"pk": "1"},
    "approvals": {},
    "approval": {"pk": "{message}"},
    "presence": {},
    "member_photo": {"pk": "{member}"},
    "member_shifts": {"pk": "{member}"},
    "member_training": {"pk": "{member}"},
    "member_take_back": {"pk": "{member}"},
    "profile_photo": {},
    "settings": {},
    "events": {},
    "accounts": {},
    "account_connect": {"network": "x"},
    "account_mode": {"pk": "{account}"},
    "account_disconnect": {"pk": "{account}"},
    "account_pages": {},
    "mailbox_connect": {},
    "mailbox": {"pk": "{account}"},
    "areas": {},
    "searches": {},
    "search": {"pk": "1"},
    "account_budget": {"pk": "{account}"},
    "listening": {},
    "finding_step": {"pk": "1", "what": "caso"},
    "finding_answer": {"pk": "1"},
    "message_answer": {"pk": "{message}"},
    "area": {"pk": "1"},
    "consult": {"number": "{number}"},
    "dates_found": {"number": "{number}"},
    "commitments": {"number": "{number}"},
    "commitment_kept": {"pk": "1"},
    "consult_cancel": {"number": "{number}", "pk": "1"},
    "profile": {},
    "hours": {},
    "calendar": {"pk": "{calendar}"},
    "calendar_add": {},
    "calendar_drop": {"pk": "{calendar}"},
    "account_hours": {"pk": "{policy}"},
    "clock_why": {"number": "{number}", "pk": "{clock}"},
    "team": {},
    "member": {"pk": "{member}"},
    "member_access": {"pk": "{member}"},
    "member_invitation": {"pk": "{member}"},
    "member_initials": {},
    "entries": {},
    "entry_replay": {"pk": "1"},
    "door_keys": {},
    "door_key_step": {"pk": "1", "what": "renovar"},
    "imports": {},
    "import": {"pk": "1"},
    "import_step": {"pk": "1", "what": "empezar"},
    "import_mistakes": {"pk": "1"},
    "api_tokens": {},
    "api_token_step": {"pk": "1", "what": "aprobar"},
    "webhooks": {},
    "webhook": {"pk": "1"},
    "webhook_step": {"pk": "1", "what": "probar"},
    "delivery_replay": {"pk": "1"},
    "noise": {},
    "attention_needed": {"pk": "{message}"},
    "noise_reviewed": {"pk": "{message}"},
    "put_aside": {"number": "{number}"},
    "attention_undo": {"pk": "1"},
    "criterion": {},
    "audit": {},
    "tree": {},
    "tree_edit": {},
    "tree_publish": {},
    "tree_node": {"key": "motive-doble-cobro"},
    "site_settings": {},
    "secure_links": {"number": "{number}"},
    "secure_link": {"pk": "1"},
}
# The public site of an organization: anybody's, once it is published.
SITE = {
    "home": {},
    "who": {},
    "notices": {},
    "photo": {"pk": "{member}"},
    "case": {},
    "status": {},
    "secure": {"token": "nadie"},
    "told": {"token": "nadie"},
    "sitemap": {},
    "brand": {},
    "logo": {},
    "questions": {},
    "search": {},
    "theme": {"theme": "tarjetas"},
    "article": {"slug": "nada"},
    "vote": {"slug": "nada"},
    "short": {"code": "nada"},
    "missing": {"rest": "nada/"},
}
# The public API: keys, not log-ins. What a key's holder asks; {…} as above.
API = {
    "api_tickets": {},
    "api_ticket": {"number": "{number}"},
    "api_messages": {"number": "{number}"},
    "api_replies": {"number": "{number}"},
    "api_notes": {"number": "{number}"},
    "api_customers": {},
    "api_customer": {"pk": "{customer}"},
    "api_filings": {},
    "api_filing": {"radicado": "2026-000001"},
    "api_webhooks": {},
    "api_webhook": {"pk": "1"},
    "api_deliveries": {"pk": "1"},
    "api_webhook_test": {"pk": "1"},
}
# What every member may open, whatever they may do: themselves, and when the organization attends.
EVERY_MEMBER = {"settings", "profile", "hours", "member_photo", "profile_photo"}
# Addresses without an organization, and what an outsider gets there.
PUBLIC = {
    "home": 302,
    "api_schema": 200,
    "api_nowhere": 404,
    "healthz": 200,
    "robots": 200,
    "set_language": 302,
    "connect_callback": 302,
    # Signed, without log-in: tests/tickets/areas/test_page.py.
    "area_answer": 404,
    # The same: tests/tickets/team/test_inviting.py.
    "invitation": 404,
    # A code that nobody was given: tests/channels_social/test_leaving.py.
    "data_deletion": 404,
    "push_worker": 200,
    "sign_on": 200,
    "sign_on_at": 404,
}
# allauth's own pages are about whoever is logged in; they carry no organization.
ALLAUTH = "cuenta/"
PUBLIC_SITE = "ayuda/"


def _patterns(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from _patterns(entry, route)
        elif isinstance(entry, URLPattern):
            yield entry.name or "", route


def _tenant_patterns() -> list[str]:
    return [
        name
        for name, route in _patterns()
        if ("<slug:org>" in route or "(?P<org>" in route) and not route.startswith(PUBLIC_SITE)
    ]


@pytest.fixture
def keys(cast) -> dict[str, str]:
    found = open_case(cast) | file_case(cast) | {"member": cast.juan.pk}
    with tenant(cast.bank.pk):
        found["customer"] = Ticket.objects.get(number=found["number"]).customer_id
        found["calendar"] = Calendar.objects.get().pk
        found["protocol"] = Protocol.objects.earliest("pk").pk
        found["template"] = AnswerTemplate.objects.earliest("pk").pk
        found["policy"] = AccountPolicy.objects.get(account=cast.bank_x).pk
        found |= declare_one(cast, found["number"])
        found["clock"] = Clock.objects.filter(ticket__number=found["number"]).earliest("pk").pk
    return {key: str(value) for key, value in found.items()}


def _addresses(names: Iterable[str], keys: dict[str, str]) -> dict[str, str]:
    return {name: _address(name, keys) for name in sorted(names)}


def _address(name: str, keys: dict[str, str]) -> str:
    examples = (EXAMPLES | API)[name]
    filled = {key: value.format(**keys) for key, value in examples.items()}
    return reverse(name, kwargs={"org": "frailejon", **filled})


def test_every_pattern_is_accounted_for():
    names = {name for name, route in _patterns() if not route.startswith((ALLAUTH, PUBLIC_SITE))}

    assert names == set(EXAMPLES) | set(API) | set(PUBLIC)
    assert {name for name, route in _patterns() if route.startswith(PUBLIC_SITE)} == set(SITE)


def _answers(client: Any, addresses: dict[str, str], *methods: str, **more: Any) -> dict[str, HttpResponse]:
    """What each address answers to each method, as `name-method`; what a request wrote is taken back.

    The rows that the addresses name are made once for all of them: making them takes ten times as long as asking.
    """
    found = {}
    for name, address in addresses.items():
        for method in methods:
            with transaction.atomic():
                found[f"{name}-{method}"] = getattr(client, method)(address, **more)
                transaction.set_rollback(True)
    assert len(found) == len(addresses) * len(methods) > 0
    return found


def _not(status: int, answers: dict[str, HttpResponse]) -> dict[str, int]:
    """Those that answered something else."""
    return {name: answer.status_code for name, answer in answers.items() if answer.status_code != status}


def test_site_that_is_not_published_is_not_there(cast, keys, client):
    addresses = {
        name: reverse(
            f"public:{name}",
            kwargs={"org": "frailejon"} | {key: value.format(**keys) for key, value in examples.items()},
        )
        for name, examples in SITE.items()
    }

    answers = _answers(client, addresses, "get", "post")

    assert _not(404, answers) == {}
    assert [name for name, answer in answers.items() if "Frailejón" in answer.content.decode()] == []


def test_stranger_gets_404(cast, keys, log_in):
    answers = _answers(log_in(cast.carla), _addresses(EXAMPLES, keys), "get", "post")

    assert _not(404, answers) == {}


def test_visitor_is_sent_to_the_log_in(cast, keys, client):
    answers = _answers(client, _addresses(set(EXAMPLES) - {"events"}, keys), "get", "post")

    assert _not(302, answers) == {}
    elsewhere = {name: answer["Location"] for name, answer in answers.items()}
    assert {name: to for name, to in elsewhere.items() if not to.startswith("/cuenta/login/")} == {}


def test_member_with_no_permission_gets_403(cast, keys, log_in):
    with tenant(cast.bank.pk):
        cast.juan.permissions, cast.juan.modes = [], {}
        cast.juan.save()

    answers = _answers(log_in(cast.juan), _addresses(set(EXAMPLES) - {"events"}, keys), "get", "post")

    codes = {name: answer.status_code for name, answer in answers.items()}
    assert {name: code for name, code in codes.items() if code not in _closed(name)} == {}


def _closed(name: str) -> set[int]:
    """What who may do nothing can be told by `name-method`."""
    return {200, 405, 422} if name.rpartition("-")[0] in EVERY_MEMBER else {403, 405}


@pytest.mark.parametrize("who", ["juan", "carla"])
def test_log_in_opens_nothing_of_the_api(cast, keys, log_in, who):
    """A member's cookie is no key, a stranger's even less; what is not there is answered the same."""
    answers = _answers(log_in(getattr(cast, who)), _addresses(API, keys), "get", "post", "patch", "delete")

    assert _not(401, answers) == {}


def test_key_of_another_organization_opens_nothing(cast, keys, client):
    with tenant(cast.airline.pk):
        cast.carla.permissions = [permission.value for permission in Permission]
        token, words = make_token(
            cast.airline, name="CRM", initials="ZZ", scopes=Scope.values, days=1, by=cast.carla
        )
    assert token.approved_at is not None

    headers = {"Authorization": f"Bearer {words}", "Accept": "application/json"}
    answers = _answers(client, _addresses(API, keys), "get", "post", "patch", "delete", headers=headers)

    assert _not(401, answers) == {}


def test_admin_sees_no_conversation(cast, keys, log_in):
    assert Permission.SEE_CASES not in cast.marta.permissions

    assert log_in(cast.marta).get(_address("case", keys)).status_code == 403


def test_rows_of_another_tenant_are_not_found_by_their_keys(cast, keys, log_in):
    """The stranger's own path with our keys."""
    client = log_in(cast.carla)

    assert client.get(f"/alisios/casos/{keys['number']}/").status_code == 404
    assert client.get(f"/alisios/archivos/{keys['media']}/").status_code == 404
    assert client.post(f"/alisios/mensajes/{keys['message']}/cancel/").status_code == 404


def test_former_member_gets_404(cast, keys, log_in):
    with tenant(cast.bank.pk):
        cast.juan.is_active = False
        cast.juan.save()

    assert log_in(cast.juan).get(_address("queue", keys)).status_code == 404
