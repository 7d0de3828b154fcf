import re

from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import MEMBER, TENANT, WHOLE, SecureTables, follow, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
KEY = (
    "ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY (organization_id, {column}) "
    "REFERENCES {parent} (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
)
KEYS = [
    KEY.format(table="tickets_ticket", column="account_id", parent="channels_social_socialaccount"),
    KEY.format(table="tickets_accountpolicy", column="hands_to_id", parent="channels_social_socialaccount"),
]


def _without(word: str) -> str:
    """Whether the asker's scope lacks a word; a sub-select, so that it is asked once a statement."""
    return f"(SELECT position('{word}' IN coalesce(current_setting('app.scope', true), '')) = 0)"


def _mine(column: str) -> str:
    return (
        f"({_without('accounts')} OR {column} IN (SELECT a.account_id FROM tickets_memberaccount a "
        f"WHERE a.{TENANT} AND a.member_id = {MEMBER})) "
        f"AND ({_without('brand')} OR {column} IN (SELECT s.id FROM channels_social_socialaccount s "
        f"WHERE s.{TENANT} AND s.purpose = 'brand'))"
    )


# Whom a case is shared with sees it whatever their scope; a reserved one nobody else.
SHARED = (
    "EXISTS (SELECT 1 FROM tickets_caseaccess x WHERE x.organization_id = t.organization_id "
    f"AND x.ticket_id = t.id AND x.member_id = {MEMBER} AND (x.until IS NULL OR x.until > now()))"
)
OWN = (
    f"({_without('own')} OR t.assignee_id = {MEMBER} "
    f"OR (NOT {_without('pool')} AND t.assignee_id IS NULL AND t.priority = 'low'))"
)
SEEN = f"(NOT t.is_reserved AND {_mine('t.account_id')} AND {OWN}) OR {SHARED} OR {WHOLE}"
CASE = narrow("tickets_ticket", re.sub(r"\bt\.", "tickets_ticket.", SEEN))
# A thread without a case (noise) goes by its account; with one, by the case.
THREAD = narrow(
    "tickets_conversation",
    "CASE WHEN current_ticket_id IS NULL "
    f"THEN ({_mine('tickets_conversation.account_id')} AND {_without('own')}) OR {WHOLE} "
    "ELSE EXISTS (SELECT 1 FROM tickets_ticket p WHERE p.organization_id = tickets_conversation.organization_id "
    "AND p.id = tickets_conversation.current_ticket_id) END",
)
MESSAGE = narrow(
    "tickets_message",
    "CASE WHEN ticket_id IS NULL "
    "THEN EXISTS (SELECT 1 FROM tickets_conversation p WHERE p.organization_id = tickets_message.organization_id "
    "AND p.id = tickets_message.conversation_id) "
    "ELSE EXISTS (SELECT 1 FROM tickets_ticket p WHERE p.organization_id = tickets_message.organization_id "
    "AND p.id = tickets_message.ticket_id) END",
)
FOLLOWERS = [
    follow("tickets_note", "ticket_id", "tickets_ticket"),
    follow("tickets_filing", "ticket_id", "tickets_ticket"),
    follow("tickets_reference", "ticket_id", "tickets_ticket"),
    follow("tickets_clock", "ticket_id", "tickets_ticket"),
    follow("tickets_wait", "ticket_id", "tickets_ticket"),
    follow("tickets_petition", "ticket_id", "tickets_ticket"),
    follow("helpdesk_auditevent", "ticket_id", "tickets_ticket"),
    follow("tickets_casemove", "kept_id", "tickets_ticket"),
    follow("tickets_messageversion", "message_id", "tickets_message"),
    follow("tickets_attachment", "message_id", "tickets_message"),
    follow("tickets_quote", "message_id", "tickets_message"),
]

# The account a case goes by: the one its first thread stands on, a support account before a brand's. Who writes
# the case names it; these are for writers who do not, and for threads that come later. Definer: the answer must
# not depend on who asks.
ACCOUNT = """
CREATE FUNCTION tickets_account_of_case() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    SELECT c.account_id INTO NEW.account_id FROM tickets_conversation c
    JOIN channels_social_socialaccount s ON s.organization_id = c.organization_id AND s.id = c.account_id
    WHERE c.organization_id = NEW.organization_id AND c.current_ticket_id = NEW.id
    ORDER BY s.purpose = 'brand', c.id LIMIT 1;
    RETURN NEW;
END $$;
CREATE FUNCTION tickets_account_of_thread() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    UPDATE tickets_ticket t SET account_id = f.account_id
    FROM fresh f JOIN channels_social_socialaccount s ON s.organization_id = f.organization_id AND s.id = f.account_id
    WHERE t.organization_id = f.organization_id AND t.id = f.current_ticket_id
      AND t.account_id IS DISTINCT FROM f.account_id
      AND (t.account_id IS NULL OR (s.purpose <> 'brand' AND EXISTS (
          SELECT 1 FROM channels_social_socialaccount b
          WHERE b.organization_id = t.organization_id AND b.id = t.account_id AND b.purpose = 'brand')));
    RETURN NULL;
END $$;
REVOKE ALL ON FUNCTION tickets_account_of_case, tickets_account_of_thread FROM PUBLIC;
CREATE TRIGGER account_of_case BEFORE INSERT ON tickets_ticket
    FOR EACH ROW WHEN (NEW.account_id IS NULL) EXECUTE FUNCTION tickets_account_of_case();
CREATE TRIGGER account_inserted AFTER INSERT ON tickets_conversation REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_account_of_thread();
CREATE TRIGGER account_updated AFTER UPDATE ON tickets_conversation REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_account_of_thread();
"""
BACKFILL = """
UPDATE tickets_ticket t SET account_id = f.account_id FROM (
    SELECT DISTINCT ON (c.organization_id, c.current_ticket_id) c.organization_id, c.current_ticket_id, c.account_id
    FROM tickets_conversation c
    JOIN channels_social_socialaccount s ON s.organization_id = c.organization_id AND s.id = c.account_id
    WHERE c.current_ticket_id IS NOT NULL
    ORDER BY c.organization_id, c.current_ticket_id, s.purpose = 'brand', c.id) f
WHERE t.organization_id = f.organization_id AND t.id = f.current_ticket_id AND t.account_id IS NULL
"""

# Tabs of who sees only some accounts add up ``open@account``; a reserved case counts for nobody; ``pool`` is what
# a trainee may take.
COUNTS = """
CREATE FUNCTION tickets_count_keys(state text, unanswered timestamptz, overdue boolean, assignee bigint,
    account bigint, reserved boolean, priority text)
RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN reserved OR state NOT IN ('new', 'open', 'waiting_customer', 'waiting_area') THEN '{}'::text[]
    ELSE (SELECT array_agg(key || place) FROM unnest(array_remove(ARRAY[
            'open',
            CASE WHEN unanswered IS NOT NULL THEN 'unanswered' END,
            CASE WHEN overdue THEN 'overdue' END,
            CASE WHEN assignee IS NULL AND priority = 'low' THEN 'pool' END,
            CASE WHEN assignee IS NULL AND priority = 'low' AND unanswered IS NOT NULL THEN 'pool-unanswered' END,
            CASE WHEN assignee IS NULL AND priority = 'low' AND overdue THEN 'pool-overdue' END
        ], NULL)) AS key, unnest(CASE WHEN account IS NULL THEN ARRAY[''] ELSE ARRAY['', '@' || account] END) AS place)
        || CASE WHEN assignee IS NULL THEN '{}'::text[] ELSE ARRAY['mine:' || assignee] END
    END
$$;

CREATE OR REPLACE FUNCTION tickets_count_steps() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        INSERT INTO tickets_countdelta (organization_id, key, delta)
        SELECT organization_id, key, count(*)
        FROM fresh, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id,
            account_id, is_reserved, priority)) AS key
        GROUP BY 1, 2;
    ELSE
        INSERT INTO tickets_countdelta (organization_id, key, delta)
        SELECT organization_id, key, sum(step) FROM (
            SELECT organization_id, key, 1 AS step
            FROM fresh, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id,
                account_id, is_reserved, priority)) AS key
            UNION ALL
            SELECT organization_id, key, -1
            FROM stale, unnest(tickets_count_keys(state, unanswered_since, is_overdue, assignee_id,
                account_id, is_reserved, priority)) AS key
        ) steps GROUP BY 1, 2 HAVING sum(step) <> 0;
    END IF;
    RETURN NULL;
END $$;
DROP FUNCTION tickets_count_keys(text, timestamptz, boolean, bigint);

INSERT INTO tickets_countdelta (organization_id, key, delta)
SELECT organization_id, key, count(*) FROM tickets_ticket, unnest(tickets_count_keys(state, unanswered_since,
    is_overdue, assignee_id, account_id, is_reserved, priority)) AS key
WHERE state IN ('new', 'open', 'waiting_customer', 'waiting_area') AND (key LIKE '%%@%%' OR key LIKE 'pool%%')
GROUP BY 1, 2;
"""

# The search of who is narrowed looks at what they see from the start: a hundred hits of others' cases would
# leave them none. The policy's own words, inside the definer.
SEARCH = f"""
CREATE FUNCTION tickets_search_seen(p_query text, p_limit int)
RETURNS TABLE (message_id bigint) LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    org bigint := nullif(current_setting('app.tenant', true), '')::bigint;
    query tsquery := websearch_to_tsquery('spanish', p_query);
BEGIN
    IF org IS NULL OR numnode(query) = 0 THEN RETURN; END IF;
    RETURN QUERY
    SELECT m.id FROM tickets_search_index(org, query, 9223372036854775807, 20000) AS found(id)
    JOIN tickets_message m ON m.organization_id = org AND m.id = found.id
    LEFT JOIN tickets_ticket t ON t.organization_id = org AND t.id = m.ticket_id
    LEFT JOIN tickets_conversation c ON c.organization_id = org AND c.id = m.conversation_id
    WHERE CASE WHEN t.id IS NULL THEN {_mine("c.account_id")} AND {_without("own")} ELSE {SEEN} END
    ORDER BY m.id DESC LIMIT p_limit;
END $$;
REVOKE ALL ON FUNCTION tickets_search_seen FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_search_seen TO "{APP}", "{WORKER}";
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0014_scope"), ("helpdesk", "0006_scope_granted")]

    operations = [
        SecureTables("CaseAccess", "MemberAccount", "Petition", "TeamChange"),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in KEYS],
        migrations.RunSQL(BACKFILL, migrations.RunSQL.noop),
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.RunSQL(COUNTS.replace("%%", "%"), migrations.RunSQL.noop),
        migrations.RunSQL(ACCOUNT, migrations.RunSQL.noop),
        migrations.RunSQL(SEARCH, migrations.RunSQL.noop),
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (CASE, THREAD, MESSAGE, *FOLLOWERS)],
    ]
