from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import SecureTables

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]

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

# The counters on tabs: which of them a case belongs to, and the steps a statement makes.
COUNTS = """
CREATE FUNCTION tickets_count_keys(state text, unanswered timestamptz, overdue boolean, assignee bigint)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN state IN ('new', 'open', 'waiting_customer', 'waiting_area') THEN
        array_remove(ARRAY[
            'open',
            CASE WHEN unanswered IS NOT NULL THEN 'unanswered' END,
            CASE WHEN overdue THEN 'overdue' END,
            CASE WHEN assignee IS NOT NULL THEN 'mine:' || assignee END
        ], NULL)
    ELSE '{}'::text[] END
$$;

CREATE FUNCTION tickets_count_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tickets_countdelta (organization_id, key, delta)
        SELECT organization_id, key, count(*)
        FROM fresh, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id)) AS key
        GROUP BY 1, 2;
    ELSE
        INSERT INTO tickets_countdelta (organization_id, key, delta)
        SELECT organization_id, key, sum(step) FROM (
            SELECT organization_id, key, 1 AS step
            FROM fresh, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id)) AS key
            UNION ALL
            SELECT organization_id, key, -1
            FROM stale, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id)) AS key
        ) steps GROUP BY 1, 2 HAVING sum(step) <> 0;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON tickets_ticket REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_steps();
CREATE TRIGGER count_updated AFTER UPDATE ON tickets_ticket REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_steps();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0001_initial"),
        ("helpdesk", "0002_security"),
        ("channels_social", "0002_security"),
        ("protocols", "0002_security"),
    ]

    operations = [
        SecureTables(
            "Customer",
            "Identity",
            "Ticket",
            "Filing",
            "Counter",
            "Conversation",
            "Message",
            "MessageVersion",
            "Tombstone",
            "Attachment",
            "Note",
            "CountDelta",
            "Clock",
            "Wait",
            "AccountPolicy",
            worker=("Clock",),
        ),
        migrations.RunSQL(
            "ALTER TABLE tickets_message ADD COLUMN tsv tsvector "
            "GENERATED ALWAYS AS (to_tsvector('spanish', text)) STORED;"
            "CREATE INDEX message_tsv ON tickets_message USING gin (organization_id, tsv)"
            " WITH (fastupdate = off);"
        ),
        migrations.RunSQL(SEARCH),
        migrations.RunSQL(f'GRANT EXECUTE ON FUNCTION tickets_search TO "{APP}", "{WORKER}"'),
        migrations.RunSQL(COUNTS),
    ]
