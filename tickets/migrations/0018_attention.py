import django.db.models.deletion
import django.db.models.functions.datetime
from django.conf import settings
from django.db import migrations, models

import helpdesk.tenancy.models
from helpdesk.tenancy.rls import MEMBER, TENANT, SecureTables, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]


def _without(word):
    return f"(SELECT position('{word}' IN coalesce(current_setting('app.scope', true), '')) = 0)"


# A message without a case is seen by its account, and by nobody who sees only their own cases: the policy of
# threads (0015) in the definer's words.
SEEN = (
    f"({_without('accounts')} OR c.account_id IN (SELECT a.account_id FROM tickets_memberaccount a "
    f"WHERE a.{TENANT} AND a.member_id = {MEMBER})) "
    f"AND ({_without('brand')} OR c.account_id IN (SELECT s.id FROM channels_social_socialaccount s "
    f"WHERE s.{TENANT} AND s.purpose = 'brand')) AND {_without('own')}"
)
NOISE = (
    "m.organization_id = org AND m.direction = 'in' AND m.ticket_id IS NULL AND NOT m.needs_attention "
    "AND m.deleted_at IS NULL AND (m.occurred_at, m.id) < (p_at, p_id)"
)
# As the search of cases (0002): the newest are read along the index of noise, and what they do not fill is asked
# of the index of words. The list itself is a definer too: under the policies the planner hashes every thread of the
# organization before it shows fifty rows. `@@` is not leakproof, so both happen inside a definer that takes the tenant from the setting.
SEARCH = f"""
CREATE FUNCTION tickets_noise(p_at timestamptz, p_id bigint, p_limit int)
RETURNS TABLE (message_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
BEGIN
    IF org IS NULL THEN RETURN; END IF;
    RETURN QUERY
    SELECT m.id FROM tickets_message m
    JOIN tickets_conversation c ON c.organization_id = org AND c.id = m.conversation_id
    WHERE {NOISE} AND {SEEN}
    ORDER BY m.occurred_at DESC, m.id DESC LIMIT p_limit;
END $$;

CREATE FUNCTION tickets_search_noise(p_query text, p_at timestamptz, p_id bigint, p_limit int)
RETURNS TABLE (message_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery := websearch_to_tsquery('spanish', p_query);
    found_ids bigint[];
BEGIN
    IF org IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    SELECT coalesce(array_agg(newest.id ORDER BY newest.occurred_at DESC, newest.id DESC), '{{}}') INTO found_ids
    FROM (
        SELECT m.id, m.occurred_at, m.tsv, m.conversation_id FROM tickets_message m
        WHERE {NOISE} ORDER BY m.occurred_at DESC, m.id DESC LIMIT 5000
    ) newest
    JOIN tickets_conversation c ON c.organization_id = org AND c.id = newest.conversation_id
    WHERE newest.tsv @@ query AND {SEEN};
    IF cardinality(found_ids) >= p_limit THEN
        RETURN QUERY SELECT unnest(found_ids[1:p_limit]);
        RETURN;
    END IF;
    RETURN QUERY
    SELECT m.id FROM tickets_search_index(org, query, 9223372036854775807, 20000) AS found(id)
    JOIN tickets_message m ON m.organization_id = org AND m.id = found.id
    JOIN tickets_conversation c ON c.organization_id = org AND c.id = m.conversation_id
    WHERE {NOISE} AND {SEEN}
    ORDER BY m.occurred_at DESC, m.id DESC LIMIT p_limit;
END $$;
REVOKE ALL ON FUNCTION tickets_noise, tickets_search_noise FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_noise, tickets_search_noise TO "{APP}", "{WORKER}";
"""


def tenant_key(to, **more):
    return helpdesk.tenancy.models.TenantForeignKey(
        db_constraint=False,
        db_index=False,
        on_delete=django.db.models.deletion.DO_NOTHING,
        related_name="+",
        to=to,
        **more,
    )


class Migration(migrations.Migration):
    dependencies = [("tickets", "0017_listening"), ("helpdesk", "0006_scope_granted")]

    operations = [
        migrations.CreateModel(
            name="AttentionChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_needed", models.BooleanField()),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("before", models.JSONField(default=dict)),
                ("after", models.JSONField(default=dict)),
                ("undone_at", models.DateTimeField(null=True)),
                ("by", tenant_key("helpdesk.membership")),
                ("message", tenant_key("tickets.message", null=True)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="helpdesk.organization",
                    ),
                ),
                ("ticket", tenant_key("tickets.ticket")),
                ("undone_by", tenant_key("helpdesk.membership", null=True)),
            ],
            options={
                "indexes": [
                    models.Index(
                        condition=models.Q(("is_needed", False), ("undone_at__isnull", True)),
                        fields=["organization", "-id"],
                        name="attention_put_aside",
                    ),
                    models.Index(fields=["organization", "ticket", "-id"], name="attention_of_ticket"),
                ],
            },
        ),
        SecureTables("AttentionChange"),
        migrations.RunSQL(
            narrow("tickets_attentionchange", "tickets_sees_ticket(ticket_id)"), migrations.RunSQL.noop
        ),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
