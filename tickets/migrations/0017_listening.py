from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import MEMBER, TENANT, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

WHOLE = "(SELECT coalesce(current_setting('app.whole', true), '') = 'on')"


def _without(word: str) -> str:
    return f"(SELECT position('{word}' IN coalesce(current_setting('app.scope', true), '')) = 0)"


def _mine(column: str) -> str:
    """As for threads without a case: by the account, and not for who sees only their own."""
    return (
        f"({_without('accounts')} OR {column} IN (SELECT a.account_id FROM tickets_memberaccount a "
        f"WHERE a.{TENANT} AND a.member_id = {MEMBER})) "
        f"AND ({_without('brand')} OR {column} IN (SELECT s.id FROM channels_social_socialaccount s "
        f"WHERE s.{TENANT} AND s.purpose = 'brand')) AND {_without('own')}"
    )


SCOPE = narrow("channels_social_finding", f"({_mine('account_id')}) OR {WHOLE}")

# Two steps as tickets_search (decisions 1), and the policy's own words: a definer sees everything.
SEARCH = f"""
CREATE FUNCTION tickets_findings_index(p_organization bigint, p_query tsquery, p_before bigint)
RETURNS SETOF channels_social_finding LANGUAGE sql STABLE SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT * FROM channels_social_finding
    WHERE organization_id = p_organization AND tsv @@ p_query AND id < p_before
    ORDER BY id DESC LIMIT 20000
$$;

CREATE FUNCTION tickets_search_findings(p_query text, p_state text, p_search bigint, p_before bigint, p_limit int)
RETURNS TABLE (finding_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery := websearch_to_tsquery('spanish', p_query);
    edge bigint;
    found_ids bigint[];
BEGIN
    IF org IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    SELECT coalesce(array_agg(f.id ORDER BY f.id DESC)
               FILTER (WHERE f.tsv @@ query AND f.state = p_state AND (p_search IS NULL OR f.search_id = p_search) AND ((({_mine("f.account_id")}) OR {WHOLE}))), '{{}}'),
           min(f.id)
    INTO found_ids, edge
    FROM (SELECT id, tsv, state, account_id, search_id FROM channels_social_finding
          WHERE organization_id = org AND id < p_before ORDER BY id DESC LIMIT 5000) f;
    RETURN QUERY SELECT unnest(found_ids[1:p_limit]);
    IF cardinality(found_ids) < p_limit AND edge IS NOT NULL THEN
        RETURN QUERY
        SELECT f.id FROM tickets_findings_index(org, query, edge) f
        WHERE f.state = p_state AND (p_search IS NULL OR f.search_id = p_search) AND (({_mine("f.account_id")}) OR {WHOLE})
        ORDER BY f.id DESC LIMIT p_limit - cardinality(found_ids);
    END IF;
END $$;
REVOKE ALL ON FUNCTION tickets_search_findings, tickets_findings_index FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_search_findings TO "{APP}", "{WORKER}";
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0016_channels"), ("channels_social", "0006_listening_security")]

    operations = [
        migrations.RunSQL(SCOPE, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
    ]
