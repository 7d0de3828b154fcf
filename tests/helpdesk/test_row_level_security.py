"""No one sees another tenant's row: roles, policies, composite keys (decisions 1 to 5)."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from channels_social.models import SocialAccount
from helpdesk import audit
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import acting_user, current_tenant, tenant
from helpdesk.tenancy.models import Membership, TenantModel
from tickets.customers.models import Customer

# The only tables whose rows a worker may see without a tenant: queues of work.
WORKER_TABLES = {
    "channels_social_inbox",
    "channels_social_inboundevent",
    "channels_social_media",
    "channels_social_outboundaction",
    "channels_social_pollcursor",
    "channels_social_ratelimit",
    "channels_social_socialaccount",
    "tickets_caseimport",
    "tickets_clock",
    "tickets_clockrecount",
    "tickets_filing",
    "tickets_webhookdelivery",
    "tickets_webhooksubscription",
    "tickets_consultation",
    "tickets_wait",
    "tickets_aftercontact",
    "tickets_commitment",
    "tickets_alarm",
    "tickets_alarmnotice",
    "tickets_escalationstep",
    "tickets_incident",
    "tickets_incidentnotice",
    "tickets_batchedanswer",
    "tickets_spikewatch",
    "tickets_figuremark",
}
# Tables without a tenant, and why none is needed.
GLOBAL_TABLES = {
    "helpdesk_user": "log-in",
    "helpdesk_organization": "names of tenants; nothing of customers",
    "channels_social_unknowndelivery": "deliveries of nobody, sealed, kept 24 hours",
    "channels_social_datadeletion": "codes and counts; nothing of who asked",
    "account_emailaddress": "log-in",
    "account_emailconfirmation": "log-in",
    "mfa_authenticator": "log-in",
    "socialaccount_socialaccount": "allauth's own, unused: members hold their provider's name for them",
    "socialaccount_socialapp": "allauth's own, unused: providers are rows of their organization",
    "socialaccount_socialtoken": "allauth's own, unused: tokens are not kept",
    "auth_group": "Django's own, unused",
    "auth_group_permissions": "Django's own, unused",
    "auth_permission": "Django's own, unused",
    "django_content_type": "Django's own",
    "django_migrations": "Django's own",
    "django_session": "log-in",
}
# Unique keys of tenant tables that do not begin with the organization, and why.
GLOBAL_KEYS = {"account_external_id": "a handle belongs to one organization"}


def _rows(sql: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _tenant_tables() -> set[str]:
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantModel)}


def test_every_table_is_a_tenants_or_listed(db):
    tables = {row[0] for row in _rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}

    assert tables == _tenant_tables() | set(GLOBAL_TABLES)


def test_every_tenant_table_has_its_policy(db):
    secured = {row[0] for row in _rows("SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'")}
    policies = {row[0] for row in _rows("SELECT tablename FROM pg_policies WHERE policyname = 'tenant'")}

    assert secured == policies == _tenant_tables()


def test_worker_policies_are_the_listed_ones(db):
    found = {row[0] for row in _rows("SELECT tablename FROM pg_policies WHERE policyname = 'claim'")}

    assert found == WORKER_TABLES


def test_no_other_policy_exists(db):
    found = _rows("SELECT tablename FROM pg_policies WHERE policyname NOT IN ('tenant', 'claim', 'scope')")

    assert found == [("helpdesk_membership",)]


def test_roles_cannot_bypass(cast):
    found = _rows(
        "SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname = current_user "
        "UNION SELECT rolname FROM pg_roles WHERE (rolsuper OR rolbypassrls) AND rolname LIKE 'circunflejo%'"
    )

    assert found == []


def test_foreign_keys_between_tenant_tables_carry_the_organization(db):
    tables = _tenant_tables()
    plain = [
        (table, parent)
        for table, parent, columns in _rows(
            "SELECT c.conrelid::regclass::text, c.confrelid::regclass::text, cardinality(c.conkey) "
            "FROM pg_constraint c WHERE c.contype = 'f'"
        )
        if table in tables and parent in tables and columns != 2
    ]

    assert plain == []


def test_every_tenant_reference_has_its_constraint(db):
    from helpdesk.tenancy.models import TenantForeignKey

    wanted = {
        f"{model._meta.db_table}_{field.column}_fk"
        for model in apps.get_models()
        for field in model._meta.local_fields
        if isinstance(field, TenantForeignKey)
    }
    found = {row[0] for row in _rows("SELECT conname FROM pg_constraint WHERE contype = 'f'")}

    assert wanted <= found


def test_unique_keys_begin_with_the_organization(db):
    found = _rows(
        "SELECT i.indexrelid::regclass::text, a.attname FROM pg_index i "
        "JOIN pg_class t ON t.oid = i.indrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = i.indkey[0] "
        "WHERE i.indisunique AND NOT i.indisprimary AND t.relrowsecurity"
    )

    assert {name for name, column in found if column != "organization_id"} == set(GLOBAL_KEYS)


def test_nothing_is_visible_without_a_tenant(cast):
    assert Customer.objects.count() == 0
    assert SocialAccount.objects.count() == 0
    assert Membership.objects.count() == 0
    assert AuditEvent.objects.count() == 0


def test_tenant_sees_only_its_rows(cast):
    with tenant(cast.airline.pk):
        names = set(SocialAccount.objects.values_list("handle", flat=True))

    assert names == {"AlisiosAyuda", ""}


def test_stranger_cannot_change_a_row(cast):
    with tenant(cast.airline.pk):
        changed = SocialAccount.objects.filter(pk=cast.bank_x.pk).update(name="mío")

    assert changed == 0


def test_stranger_cannot_write_into_another_tenant(cast):
    with (
        pytest.raises(DatabaseError, match="row-level security"),
        tenant(cast.airline.pk),
    ):
        Customer.objects.create(organization=cast.bank, name="ajena")


def test_reference_to_another_tenant_is_refused(cast):
    from tickets.customers.models import Identity

    with tenant(cast.bank.pk):
        theirs = Customer.objects.create(organization=cast.bank, name="Diana")
    with (
        pytest.raises(DatabaseError, match="foreign key"),
        tenant(cast.airline.pk),
    ):
        Identity.objects.create(
            organization=cast.airline, customer_id=theirs.pk, network="x", scope="x", external_id="1"
        )


def test_tenant_is_restored_after_nesting(cast):
    with tenant(cast.bank.pk):
        with tenant(cast.airline.pk):
            assert current_tenant() == cast.airline.pk
        assert current_tenant() == cast.bank.pk
    assert current_tenant() is None


def test_tenant_is_restored_after_an_error(cast):
    with tenant(cast.bank.pk):
        with pytest.raises(ZeroDivisionError), tenant(cast.airline.pk):
            1 / 0  # noqa: B018
        assert current_tenant() == cast.bank.pk


def test_person_reads_only_their_own_memberships(cast):
    with acting_user(cast.carla.user_id):
        assert list(Membership.objects.values_list("initials", flat=True)) == ["CR"]


def test_worker_sees_queues_and_no_messages(cast, as_worker):
    from channels_social.models import Inbox
    from tickets.cases.models import Message

    with as_worker():
        assert Inbox.objects.count() == 2
        assert SocialAccount.objects.count() == 4
        assert Message.objects.count() == 0
        assert Customer.objects.count() == 0


@pytest.mark.parametrize(
    "change", ["UPDATE helpdesk_auditevent SET action = 'x'", "DELETE FROM helpdesk_auditevent"]
)
def test_audit_cannot_be_rewritten(cast, change):
    with tenant(cast.bank.pk):
        audit.record(cast.bank.pk, "test.line")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)


def test_search_functions_answer_nothing_without_a_tenant(cast):
    assert _rows("SELECT * FROM tickets_search('tarjeta', 10)") == []
