"""A call under a key of its own has one effect: again, differently, and at the same time. And a key has its budget."""

from __future__ import annotations

import json
import threading

import pytest
from django.db import connection, connections
from django.test import Client

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.tokens import Scope
from tests.cast import find_cast, make_cast
from tests.tickets.api.conftest import make_key
from tickets.api.domain.repeats import forget_calls
from tickets.api.models import RepeatableCall
from tickets.cases.models import Ticket

MATTER = {"text": "me cobraron dos veces", "customer": {"name": "Rosa", "phone": "+57 310 4567890"}}


def _count(cast) -> int:
    with tenant(cast.bank.pk):
        return Ticket.objects.count()


def test_same_call_again_gets_the_same_answer_and_no_second_case(cast, speak):
    speaker = speak()

    first = speaker("post", "tickets/", MATTER, Idempotency_Key="k-1")
    again = speaker("post", "tickets/", MATTER, Idempotency_Key="k-1")

    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert ("Idempotent-Replayed" in first, again["Idempotent-Replayed"]) == (False, "true")
    assert _count(cast) == 1


def test_other_body_under_the_same_key_is_refused(cast, speak):
    speaker = speak()
    speaker("post", "tickets/", MATTER, Idempotency_Key="k-1")

    answer = speaker("post", "tickets/", MATTER | {"text": "otra cosa"}, Idempotency_Key="k-1")

    assert (answer.status_code, answer.json()["code"]) == (422, "key_reused")
    assert _count(cast) == 1


def test_key_of_a_call_that_failed_is_free(cast, speak):
    speaker = speak()

    assert speaker("post", "tickets/", {"text": "x"}, Idempotency_Key="k-1").status_code == 400
    assert speaker("post", "tickets/", MATTER, Idempotency_Key="k-1").status_code == 201


def test_keys_of_two_tokens_are_two_keys(cast, speak):
    one, other = speak(), speak()

    one("post", "tickets/", MATTER, Idempotency_Key="k-1")
    answer = other("post", "tickets/", MATTER | {"text": "otra cosa"}, Idempotency_Key="k-1")

    assert answer.status_code == 201


@pytest.mark.parametrize("key", ["", "ñ", "a b", "x" * 121])
def test_key_that_is_none_is_refused(cast, speak, key):
    answer = speak()("post", "tickets/", MATTER, Idempotency_Key=key)

    assert (answer.status_code, answer.json()["code"]) == (400, "key_invalid")


def test_kept_answers_are_sealed_and_go_after_a_day(cast, speak):
    speaker = speak()
    speaker("post", "tickets/", MATTER, Idempotency_Key="k-1")
    with tenant(cast.bank.pk), connection.cursor() as cursor:
        assert b"Rosa" not in bytes(RepeatableCall.objects.get().answer)
        assert forget_calls(cast.bank.pk) == 0
        cursor.execute("UPDATE tickets_repeatablecall SET at = now() - interval '25 hours'")
        assert forget_calls(cast.bank.pk) == 1


@pytest.mark.django_db(transaction=True)
def test_same_call_eight_times_at_once_has_one_effect():
    cast = find_cast() or make_cast()
    _token, words = make_key(cast.bank, cast.marta, cast.paola, Scope.values, "QA")
    start, answers = threading.Barrier(8), []

    def call() -> None:
        start.wait()
        try:
            answer = Client().post(
                "/api/v1/frailejon/tickets/",
                data=json.dumps(MATTER),
                content_type="application/json",
                headers={"Authorization": f"Bearer {words}", "Idempotency-Key": "k-1"},
            )
            answers.append((answer.status_code, answer.json().get("number")))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=call) for _n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert len(answers) == 8
    assert set(answers) == {answers[0]}
    assert answers[0][0] == 201
    assert _count(cast) == 1


def test_budget_is_told_and_kept(cast, speak, settings):
    settings.API_PER_MINUTE = 2
    speaker, other = speak(), speak()

    first, _second, third = (speaker("get", "tickets/") for _n in range(3))

    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert (third.status_code, third.json()["code"]) == (429, "too_many")
    assert 0 < int(third["Retry-After"]) <= 60
    assert other("get", "tickets/").status_code == 200


def test_calls_go_on_when_redis_is_away(cast, speak, monkeypatch):
    import redis

    def away():
        return redis.Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)

    monkeypatch.setattr("tickets.api.limits.client", away)

    assert speak()("get", "tickets/").status_code == 200
