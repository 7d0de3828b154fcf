from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.permissions import PRESET_MODES, PRESETS
from helpdesk.tenancy.rls import SecureTables

# What there was before the matrix: of the rest, members have what their preset says.
BEFORE = {
    "see_cases", "see_personal_data", "reply_private", "reply_public", "reply_unapproved", "approve_replies",
    "write_notes", "take_cases", "assign_cases", "change_kind", "resolve_cases", "hide_comments", "see_audit",
    "manage_accounts", "manage_team", "manage_time",
}  # fmt: skip
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


def grant(apps, schema_editor):
    """Members keep the list they have and get what is new in their preset, held as the preset holds it."""
    Membership = apps.get_model("helpdesk", "Membership")
    for member in Membership.objects.all():
        new = {permission.value for permission in PRESETS[member.role]} - BEFORE
        if member.role in ("agent", "trainee") and "see_cases" in member.permissions:
            new.add("see_audit")
        member.permissions = sorted({*member.permissions, *new})
        member.modes = dict(PRESET_MODES[member.role])
        member.save(update_fields=["permissions", "modes"])


class Migration(migrations.Migration):
    dependencies = [("helpdesk", "0005_scope")]

    operations = [
        SecureTables("SignOn"),
        migrations.RunSQL(OF_DOMAIN, migrations.RunSQL.noop),
        migrations.RunPython(grant, migrations.RunPython.noop),
    ]
