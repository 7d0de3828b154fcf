"""A key opens what its scopes say, in its own organization, while it lives; and is never kept in clear."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from helpdesk.tenancy.tokens import ApiToken, Scope
from tests.stories import hear, mention
from tickets.api.domain.tokens import approve_token, make_token, revoke_token


@pytest.fixture
def ticket(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde"))


def test_key_reads_the_cases_of_its_organization(cast, ticket, speak):
    answer = speak(Scope.TICKETS_READ)("get", "tickets/")

    assert answer.status_code == 200
    (row,) = answer.json()["results"]
    assert (row["customer"]["name"], row["state"]) == ("Diana Marcela Rojas", "new")


def test_key_of_another_organization_is_no_key_here(cast, ticket, stranger):
    answer = stranger("get", "tickets/")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer.json()["code"] == "no_token"


def test_key_sees_nothing_of_its_neighbour_at_its_own_address(cast, ticket, stranger):
    stranger.org = "alisios"

    assert stranger("get", "tickets/").json()["results"] == []
    assert stranger("get", "tickets/1/").status_code == 404


@pytest.mark.parametrize("org", ["frailejon", "nadie"])
def test_no_key_is_the_same_answer_wherever(cast, speak, org):
    speaker = speak()
    speaker.words, speaker.org = "", org

    answer = speaker("get", "tickets/")

    assert answer.status_code == 401
    assert answer["WWW-Authenticate"].startswith("Bearer")


def test_key_without_the_scope_is_told_which(cast, ticket, speak):
    answer = speak(Scope.FILINGS_READ)("get", "tickets/")

    assert answer.status_code == 403
    assert "tickets:read" in answer.json()["detail"]


def test_key_is_kept_as_a_digest_only(cast, speak):
    speaker = speak()
    with tenant(cast.bank.pk), connection.cursor() as cursor:
        cursor.execute("SELECT to_jsonb(t)::text FROM helpdesk_apitoken t")
        kept = cursor.fetchone()[0]

    assert speaker.words not in kept
    assert speaker.words[12:] not in kept
    assert speaker.words[:12] in kept


def test_revoked_key_opens_nothing(cast, speak):
    speaker = speak()
    with tenant(cast.bank.pk):
        assert revoke_token(speaker.token, by=cast.marta)

    assert speaker("get", "tickets/").json()["code"] == "token_revoked"


def test_key_of_a_closed_organization_opens_nothing_and_says_so(cast, speak):
    speaker = speak()
    Organization.objects.filter(pk=cast.bank.pk).update(closed_at=clock.now())

    answer = speaker("get", "tickets/")
    assert (answer.status_code, answer.json()["code"]) == (410, "closed")


def test_expired_key_opens_nothing(cast, speak):
    speaker = speak()
    with tenant(cast.bank.pk):
        ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    assert speaker("get", "tickets/").json()["code"] == "token_expired"


def test_admin_who_sees_no_cases_makes_a_key_that_waits_for_somebody_who_does(cast):
    with tenant(cast.bank.pk):
        token, _words = make_token(
            cast.bank, name="CRM", initials="QX", scopes=[Scope.TICKETS_READ], days=30, by=cast.marta
        )

        assert token.approved_at is None
        assert not approve_token(token, by=cast.marta)
        assert approve_token(token, by=cast.paola)


def test_who_lacks_a_permission_cannot_agree_to_a_key_that_has_it(cast):
    with tenant(cast.bank.pk):
        token, _words = make_token(
            cast.bank, name="CRM", initials="QX", scopes=[Scope.TICKETS_WRITE], days=30, by=cast.marta
        )

        assert not approve_token(token, by=cast.juan)  # an agent gives no case to others
        assert approve_token(token, by=cast.paola)


def test_key_that_waits_opens_nothing(cast, speak):
    speaker = speak()
    with tenant(cast.bank.pk):
        ApiToken.objects.update(approved_at=None)

    assert speaker("get", "tickets/").json()["code"] == "token_waits"


def test_making_and_revoking_is_in_the_audit(cast, speak):
    speaker = speak()
    with tenant(cast.bank.pk):
        revoke_token(speaker.token, by=cast.marta)
        lines = list(AuditEvent.objects.filter(action__startswith="token.").values_list("action", "actor_id"))

    assert lines == [
        ("token.made", cast.marta.pk), ("token.approved", cast.paola.pk), ("token.revoked", cast.marta.pk),
    ]  # fmt: skip


def test_last_use_is_noted_coarsely(cast, speak):
    speaker = speak()
    speaker("get", "tickets/")
    with tenant(cast.bank.pk):
        first = ApiToken.objects.get().last_used_at
    speaker("get", "tickets/")
    with tenant(cast.bank.pk):
        assert ApiToken.objects.get().last_used_at == first is not None
