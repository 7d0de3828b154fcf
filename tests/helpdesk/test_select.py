"""A SELECT written once gives what a queryset gives, and only what the tenant may see."""

from __future__ import annotations

import pytest
from django.db import connection

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.select import Select

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
