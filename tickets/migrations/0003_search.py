from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import MEMBER, TENANT

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

WORDS = """
ALTER TABLE tickets_message ADD COLUMN tsv tsvector GENERATED ALWAYS AS (to_tsvector('spanish', text)) STORED;
CREATE INDEX message_tsv ON tickets_message USING gin (organization_id, tsv) WITH (fastupdate = off);
"""
# `@@` is not leakproof: under a policy it never reaches an index (decisions 1). So search is a definer
# function that takes the tenant from the setting, looks at the newest rows first, and only then asks
# the index, with the planner's other roads closed.
SEARCH = """
CREATE FUNCTION tickets_search_index(p_organization bigint, p_query tsquery, p_before bigint, p_limit int)
RETURNS SETOF bigint LANGUAGE sql STABLE SET search_path = public, pg_temp
SET enable_seqscan = off SET enable_indexscan = off AS $$
    SELECT id FROM tickets_message
    WHERE organization_id = p_organization AND tsv @@ p_query AND id < p_before
    ORDER BY id DESC LIMIT p_limit
$$;

CREATE FUNCTION tickets_search(p_query text, p_limit int)
RETURNS TABLE (message_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery := websearch_to_tsquery('spanish', p_query);
    edge bigint;
    found_ids bigint[];
BEGIN
    IF org IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    SELECT coalesce(array_agg(id ORDER BY id DESC) FILTER (WHERE tsv @@ query), '{}'), min(id)
    INTO found_ids, edge
    FROM (SELECT id, tsv FROM tickets_message WHERE organization_id = org ORDER BY id DESC LIMIT 5000) newest;
    RETURN QUERY SELECT unnest(found_ids[1:p_limit]);
    IF cardinality(found_ids) < p_limit AND edge IS NOT NULL THEN
        RETURN QUERY
        SELECT tickets_search_index(org, query, edge, p_limit - cardinality(found_ids));
    END IF;
END $$;
REVOKE ALL ON FUNCTION tickets_search, tickets_search_index FROM PUBLIC;
"""

# The search of who is narrowed looks at what they see from the start: a hundred hits of others' cases would
# leave them none. The policy's own words, inside the definer.
SEEN_BY = f"""
CREATE FUNCTION tickets_search_seen(p_query text, p_limit int)
RETURNS TABLE (message_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery := websearch_to_tsquery('spanish', p_query);
    edge bigint;
    candidates bigint[];
    found_ids bigint[];
BEGIN
    IF org IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    -- As tickets_search: the newest first, then the index for what is older, of which at most 2,000 are looked at.
    SELECT coalesce(array_agg(id ORDER BY id DESC) FILTER (WHERE tsv @@ query), '{{}}'), min(id)
    INTO candidates, edge
    FROM (SELECT id, tsv FROM tickets_message WHERE organization_id = org ORDER BY id DESC LIMIT 5000) newest;
    found_ids := tickets_messages_seen(org, candidates, p_limit);
    IF cardinality(found_ids) < p_limit AND edge IS NOT NULL THEN
        candidates := ARRAY(SELECT tickets_search_index(org, query, edge, 2000));
        found_ids := found_ids || tickets_messages_seen(org, candidates, p_limit - cardinality(found_ids));
    END IF;
    RETURN QUERY SELECT unnest(found_ids);
END $$;

CREATE FUNCTION tickets_messages_seen(p_organization bigint, p_ids bigint[], p_limit int)
RETURNS bigint[] LANGUAGE plpgsql STABLE SET search_path = public, pg_temp AS $$
DECLARE
    asked bigint;
    seen bigint[] := '{{}}';
BEGIN
    FOREACH asked IN ARRAY p_ids LOOP
        EXIT WHEN cardinality(seen) >= p_limit;
        IF tickets_sees_part(asked) THEN seen := seen || asked; END IF;
    END LOOP;
    RETURN seen;
END $$;
REVOKE ALL ON FUNCTION tickets_search_seen, tickets_messages_seen FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_search_seen TO "{APP}", "{WORKER}";
"""

# Customers by the words of their name, as somebody types: folded, each word from its beginning. `@@` is not
# leakproof (decisions 1), so this is a definer function that takes the tenant from the setting.
PEOPLE = """
CREATE FUNCTION tickets_fold_name(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog AS $$
    SELECT lower(translate(
        name,
        'áàâãäåéèêëíìîïóòôõöúùûüñçÁÀÂÃÄÅÉÈÊËÍÌÎÏÓÒÔÕÖÚÙÛÜÑÇ',
        'aaaaaaeeeeiiiiooooouuuuncaaaaaaeeeeiiiiooooouuuunc'
    ))
$$;
ALTER TABLE tickets_customer ADD COLUMN name_tsv tsvector
    GENERATED ALWAYS AS (to_tsvector('simple'::regconfig, tickets_fold_name(name))) STORED;
CREATE INDEX customer_name_tsv ON tickets_customer USING gin (organization_id, name_tsv) WITH (fastupdate = off);

CREATE FUNCTION tickets_people_search(p_words text, p_limit int)
RETURNS TABLE (customer_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp SET enable_seqscan = off AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery;
BEGIN
    SELECT to_tsquery('simple', string_agg(word || ':*', ' & ')) INTO query
    FROM regexp_split_to_table(tickets_fold_name(p_words), '[^[:alnum:]]+') AS word WHERE word <> '';
    IF org IS NULL OR query IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    RETURN QUERY SELECT id FROM tickets_customer
    WHERE organization_id = org AND name_tsv @@ query ORDER BY id DESC LIMIT p_limit;
END $$;
REVOKE ALL ON FUNCTION tickets_people_search FROM PUBLIC;
"""

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


# Two steps as tickets_search (decisions 1), and the policy's own words: a definer sees everything.
FINDINGS = f"""
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
SEARCH_NOISE = f"""
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
GRANTED = f'GRANT EXECUTE ON FUNCTION tickets_search, tickets_people_search TO "{APP}", "{WORKER}"'


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0002_security"),
    ]

    operations = [
        *(
            migrations.RunSQL(sql, migrations.RunSQL.noop)
            for sql in (WORDS, SEARCH, SEEN_BY, PEOPLE, FINDINGS, SEARCH_NOISE, GRANTED)
        ),
    ]
