"""Statements whose plan is kept: the same rows, whoever asks and whatever happened meanwhile."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.planned import ask

TEAM = "SELECT display_name FROM helpdesk_membership WHERE is_active AND display_name <> %s ORDER BY 1"


def rows(sql, params=()):
    with connection.cursor() as cursor:
        ask(cursor, sql, params)
        return [row[0] for row in cursor.fetchall()]


def kept():
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE name LIKE 'cf_%'")
        return cursor.fetchone()[0]


def test_kept_plan_shows_each_organization_its_own(cast):
    for _turn in range(8):  # beyond the fifth the server may settle on one plan for every value
        with tenant(cast.bank.pk):
            assert "Paola" not in rows(TEAM, ["Paola"])
            assert "Juan Carlos" in rows(TEAM, ["Paola"])
        with tenant(cast.airline.pk):
            assert rows(TEAM, ["Paola"]) == ["Carla"]
    assert rows(TEAM, [""]) == []


def test_statement_is_prepared_once_and_named_parameters_may_repeat(cast):
    sql = "SELECT %(a)s::int * 100 + %(b)s::int * 10 + %(a)s::int, '50%%'"
    before = kept()

    assert rows(sql, {"b": 2, "a": 1}) == rows(sql, {"a": 1, "b": 2}) == [121]
    assert kept() == before + 1


def test_statement_that_failed_is_none_the_worse(cast):
    sql = "SELECT 1 / %s::int"
    with pytest.raises(DatabaseError), transaction.atomic():
        rows(sql, [0])

    assert rows(sql, [1]) == [1]


def test_without_plans_it_is_the_plain_statement(cast, settings):
    settings.DATABASE_PLANS = False
    before = kept()

    assert rows("SELECT %s::text || '%%x'", ["a"]) == ["a%x"]
    assert kept() == before
