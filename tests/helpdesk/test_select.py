"""A SELECT written once gives what a queryset gives, and only what the tenant may see."""

from __future__ import annotations

import json

import pytest
from django.db import DataError, connection

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.insert import insert_together
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.select import Select, told

MEMBERS = Select(Membership, "organization", "user", tail="WHERE t.initials = %s")


@pytest.fixture
def as_app(db, settings):
    with connection.cursor() as cursor:
        cursor.execute(f'SET ROLE "{settings.DATABASE_ROLES["app"]}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute("RESET ROLE")


def test_select_gives_the_instances_of_the_queryset(cast, as_app, django_assert_num_queries):
    with tenant(cast.bank.pk):
        MEMBERS.one("JC")  # the first time it is prepared besides
        expected = Membership.objects.select_related("organization", "user").get(initials="JC")
        with django_assert_num_queries(1):
            found = MEMBERS.one("JC")
            assert found == expected
            assert found.organization.name == "Banco Frailejón"
            assert found.user.email == expected.user.email
        facts = [field.attname for field in Membership._meta.concrete_fields]
        assert [getattr(found, fact) for fact in facts] == [getattr(expected, fact) for fact in facts]
        assert isinstance(found.permissions, list)
        found.display_name = "Juan C."
        found.save()
        assert MEMBERS.one("JC").display_name == "Juan C."


def test_select_finds_nothing_of_another_tenant(cast, as_app):
    with tenant(cast.airline.pk):
        assert MEMBERS.all("JC") == []
        assert MEMBERS.one("CR").pk == cast.carla.pk
    assert MEMBERS.one("CR") is None


def test_an_empty_key_is_no_instance(cast, db):
    from tickets.cases.models import Ticket
    from tickets.customers.models import Customer

    with tenant(cast.bank.pk):
        customer = Customer.objects.create(organization=cast.bank, name="Diana")
        now = "2026-11-22T10:00:00Z"
        Ticket.objects.create(
            organization=cast.bank, number=900_001, customer=customer, opened_at=now, last_at=now, queue_at=now,
            channel="x_public",
        )  # fmt: skip
        found = Select(Ticket, "customer", "assignee", tail="WHERE t.number = %s").one(900_001)
        assert (found.assignee, found.customer) == (None, customer)


def test_row_told_as_json_is_the_instance_of_the_queryset(cast, as_app):
    with tenant(cast.bank.pk):
        expected = Membership.objects.get(initials="JC")
        with connection.cursor() as cursor:
            cursor.execute("SELECT to_jsonb(m) FROM helpdesk_membership m WHERE initials = 'JC'")
            (row,) = cursor.fetchone()
    found = told(Membership, json.loads(row) if isinstance(row, str) else row)
    facts = [field.attname for field in Membership._meta.concrete_fields]
    assert [getattr(found, fact) for fact in facts] == [getattr(expected, fact) for fact in facts]


def test_row_inserted_with_another_is_refused_where_it_is_too_long(cast, db):
    line = AuditEvent(organization_id=cast.bank.pk, action="x" * 61, data={})
    with pytest.raises(DataError), tenant(cast.bank.pk):
        insert_together([line], {})
    line.action = "x" * 60
    with tenant(cast.bank.pk):
        insert_together([line], {})
        assert AuditEvent.objects.get(pk=line.pk).action == "x" * 60
