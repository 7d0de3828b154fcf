from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

# Who wants to enter has no tenant yet: of an address, which organizations have a log-in for its domain.
OF_DOMAIN = f"""
CREATE FUNCTION helpdesk_sign_on_of_domain(p_domain text) RETURNS TABLE (slug text, name text, origin text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT o.slug, o.name, s.authorize_origin FROM helpdesk_signon s
    JOIN helpdesk_organization o ON o.id = s.organization_id
    WHERE s.approved_at IS NOT NULL AND p_domain = ANY(s.domains) ORDER BY o.name LIMIT 10
$$;
REVOKE ALL ON FUNCTION helpdesk_sign_on_of_domain FROM PUBLIC;
GRANT EXECUTE ON FUNCTION helpdesk_sign_on_of_domain TO "{settings.DATABASE_ROLES["app"]}";
"""


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0001_initial")]

    operations = [
        SecureTables("Membership", "AuditEvent", "ApiToken", "SignOn"),
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
        migrations.RunSQL(OF_DOMAIN, migrations.RunSQL.noop),
    ]
