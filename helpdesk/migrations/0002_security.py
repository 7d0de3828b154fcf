from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0001_initial")]

    operations = [
        SecureTables("Membership", "AuditEvent"),
        # A person may read their own memberships before any tenant is chosen: that is how it is chosen.
        migrations.RunSQL(
            "CREATE POLICY own ON helpdesk_membership FOR SELECT "
            "USING (user_id = nullif(current_setting('app.user', true), '')::bigint)"
        ),
        # Append-only for everybody but the owner, and for the owner too by accident.
        migrations.RunSQL(f'REVOKE UPDATE, DELETE, TRUNCATE ON helpdesk_auditevent FROM "{APP}", "{WORKER}"'),
        migrations.RunSQL(
            """
            CREATE FUNCTION helpdesk_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                RAISE EXCEPTION 'the audit is append-only' USING ERRCODE = 'insufficient_privilege';
            END $$;
            CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON helpdesk_auditevent
                FOR EACH ROW EXECUTE FUNCTION helpdesk_audit_is_append_only();
            """
        ),
    ]
