from itertools import islice

from django.db import migrations

from helpdesk.tenancy.rls import SecureTables
from tickets.customers.rules.likeness import keys_of

# References added to tables that were secured before: composite, as all between tenant tables are.
ADDED = (
    ("tickets_customer", "merged_into_id", "tickets_customer"),
    ("tickets_customer", "checked_by_id", "helpdesk_membership"),
    ("tickets_identity", "added_by_id", "helpdesk_membership"),
)
KEYS = ";".join(
    f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{column}_fk" FOREIGN KEY (organization_id, {column}) '
    f'REFERENCES "{parent}" (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE'
    for table, column, parent in ADDED
)

# Whoever writes a row of a customer who was unified a moment ago writes it to whom they are now. The lock is the
# one the reference takes anyway, taken before the look: it waits for a unification that is on its way.
FOLLOW = """
CREATE FUNCTION tickets_follow_unified() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    next_id bigint;
BEGIN
    LOOP
        SELECT merged_into_id INTO next_id FROM tickets_customer
        WHERE organization_id = NEW.organization_id AND id = NEW.customer_id FOR KEY SHARE;
        EXIT WHEN next_id IS NULL;
        NEW.customer_id := next_id;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_identity
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_conversation
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
"""

# Members keep their own list of permissions: those who have the preset get what is new in it.
GRANTED = """
UPDATE helpdesk_membership SET permissions = permissions || '["check_identity", "unify_customers"]'::jsonb
WHERE role IN ('agent', 'supervisor') AND permissions ? 'resolve_cases' AND NOT permissions ? 'unify_customers';
UPDATE helpdesk_membership SET permissions = permissions || '["approve_unifications"]'::jsonb
WHERE role = 'supervisor' AND permissions ? 'approve_replies' AND NOT permissions ? 'approve_unifications';
"""


def note_keys(apps, schema_editor):
    """Give the identities that exist the keys their likeness is looked up by."""
    Identity, Key = (apps.get_model("tickets", name) for name in ("Identity", "IdentityKey"))
    rows = Identity.objects.filter(is_anonymous=False).values_list("organization_id", "pk", "handle", "name")
    left = rows.iterator(chunk_size=5000)
    while some := list(islice(left, 5000)):
        Key.objects.bulk_create(
            Key(organization_id=organization, identity_id=pk, key=key)
            for organization, pk, handle, name in some
            for key in sorted(keys_of(handle, name))
        )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_customers"), ("helpdesk", "0003_audit_configuration")]

    operations = [
        SecureTables("IdentityKey", "Quote", "Unification", "KeptApart"),
        migrations.RunSQL(KEYS, migrations.RunSQL.noop),
        migrations.RunSQL(FOLLOW, migrations.RunSQL.noop),
        migrations.RunSQL(GRANTED, migrations.RunSQL.noop),
        migrations.RunPython(note_keys, migrations.RunPython.noop),
    ]
