from __future__ import annotations

from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from helpdesk.tenancy.together import together

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

# Facebook names the person and no page: whose pages they connected, of any organization, is found here and nowhere else.
CONNECTED_BY = """
CREATE FUNCTION channels_connected_by(p_network text, p_person text, p_until timestamptz)
RETURNS TABLE (organization_id bigint, account_id bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.organization_id, a.id FROM channels_social_socialaccount a
    WHERE a.network = p_network AND a.authorized_by = p_person AND p_person <> '' AND a.authorized_at <= p_until
    ORDER BY a.id
$$;
REVOKE ALL ON FUNCTION channels_connected_by FROM PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("channels_social", "0003_sent")]

    operations = together(
        [
            migrations.AddField(
                "SocialAccount", "authorized_by", models.CharField(blank=True, db_default="", max_length=64)
            ),
            migrations.AddField("SocialAccount", "authorized_at", models.DateTimeField(null=True)),
            migrations.CreateModel(
                name="DataDeletion",
                fields=[
                    (
                        "id",
                        models.BigAutoField(
                            auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                        ),
                    ),
                    ("code", models.CharField(max_length=32, unique=True)),
                    ("request", models.CharField(max_length=64, unique=True)),
                    ("accounts", models.PositiveSmallIntegerField(default=0)),
                    ("asked_at", models.DateTimeField()),
                    ("done_at", models.DateTimeField(db_default=Now())),
                ],
            ),
            migrations.RunSQL(CONNECTED_BY, "DROP FUNCTION channels_connected_by"),
            migrations.RunSQL(f'GRANT EXECUTE ON FUNCTION channels_connected_by TO "{APP}", "{WORKER}"'),
        ]
    )
