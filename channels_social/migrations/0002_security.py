from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

# One POST can carry several tenants: the accounts are found here, as the owner, and nowhere else.
# Same function for webhooks and polls, so that both store the same rows.
RECEIVE = """
CREATE FUNCTION channels_receive(
    p_network text, p_source text, p_accounts text[], p_kinds text[], p_ids text[], p_digests text[],
    p_payloads bytea[]
) RETURNS TABLE (organization_id bigint, fresh bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    IF EXISTS (SELECT FROM unnest(p_accounts) AS e(account) WHERE NOT EXISTS (
        SELECT FROM channels_social_socialaccount a WHERE a.network = p_network AND a.external_id = e.account
    )) THEN
        INSERT INTO channels_social_unknowndelivery (network, account_external_id, kind, payload)
        SELECT p_network, e.account, e.kind, e.payload
        FROM unnest(p_accounts, p_kinds, p_payloads) AS e(account, kind, payload)
        WHERE NOT EXISTS (SELECT 1 FROM channels_social_socialaccount a
                          WHERE a.network = p_network AND a.external_id = e.account);
    END IF;
    RETURN QUERY
    WITH entries AS (
        SELECT * FROM unnest(p_accounts, p_kinds, p_ids, p_digests, p_payloads)
            WITH ORDINALITY AS e(account, kind, external_id, digest, payload, place)
    ), stored AS (
        INSERT INTO channels_social_inboundevent
            (organization_id, account_id, kind, external_id, digest, source, payload, state, reason)
        SELECT a.organization_id, a.id, e.kind, e.external_id, e.digest, p_source, e.payload, 'pending', ''
        FROM entries e JOIN channels_social_socialaccount a
            ON a.network = p_network AND a.external_id = e.account AND a.state <> 'disconnected'
        ORDER BY e.place
        ON CONFLICT DO NOTHING
        RETURNING organization_id
    )
    SELECT s.organization_id, count(*) FROM stored s GROUP BY 1;
END $$;
REVOKE ALL ON FUNCTION channels_receive FROM PUBLIC;
"""

# `@@` is not leakproof: under a policy it never reaches an index (decisions 1). Reading what one page shows from
# the newest rows first costs nothing where words are common; the index answers where they are rare.
TSV = """
ALTER TABLE channels_social_finding ADD COLUMN tsv tsvector
    GENERATED ALWAYS AS (to_tsvector('spanish', text || ' ' || author_name || ' ' || author_handle)) STORED;
CREATE INDEX finding_tsv ON channels_social_finding USING gin (organization_id, tsv);
"""


class Migration(migrations.Migration):
    dependencies = [("channels_social", "0001_initial"), ("helpdesk", "0002_security")]

    operations = [
        SecureTables(
            "SocialAccount",
            "PollCursor",
            "RateLimit",
            "CreditSpend",
            "InboundEvent",
            "Inbox",
            "OutboundAction",
            "Media",
            "SavedSearch",
            "Finding",
            "AccountBudget",
            worker=(
                "SocialAccount",
                "PollCursor",
                "InboundEvent",
                "Inbox",
                "OutboundAction",
                "Media",
                "RateLimit",
            ),
        ),
        migrations.RunSQL(RECEIVE),
        migrations.RunSQL(f'GRANT EXECUTE ON FUNCTION channels_receive TO "{APP}", "{WORKER}"'),
        migrations.RunSQL(TSV, migrations.RunSQL.noop),
    ]
