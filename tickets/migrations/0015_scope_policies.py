from django.conf import settings
from django.db import migrations

from helpdesk.tenancy.rls import MEMBER, SecureTables, narrow

APP, WORKER = settings.DATABASE_ROLES["app"], settings.DATABASE_ROLES["worker"]
KEY = (
    "ALTER TABLE {table} ADD CONSTRAINT {table}_{column}_fk FOREIGN KEY (organization_id, {column}) "
    "REFERENCES {parent} (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE"
)
KEYS = [
    KEY.format(table="tickets_ticket", column="account_id", parent="channels_social_socialaccount"),
    KEY.format(table="tickets_accountpolicy", column="hands_to_id", parent="channels_social_socialaccount"),
]


# Who sees a case. Whom it is shared with sees it whatever their scope; a reserved one nobody else.
# Written out in the policies themselves these conditions cost every statement a millisecond of planning, and ten
# where tables follow one another; so the policies ask functions, and the list of who sees everything asks none.
# Definers: what they read (cases, access, accounts) is not to be narrowed once more. The tenant is the setting's.
HEAD = "LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$"
ORG = "nullif(current_setting('app.tenant', true), '')::bigint"
SEES = f"""
CREATE FUNCTION tickets_sees_case(p_ticket bigint, p_account bigint, p_assignee bigint, p_priority text,
    p_reserved boolean) RETURNS boolean {HEAD}
DECLARE
    scope text := coalesce(current_setting('app.scope', true), '');
    me bigint := {MEMBER};
    org bigint := {ORG};
BEGIN
    IF NOT p_reserved
        AND (position('accounts' IN scope) = 0 OR EXISTS (SELECT 1 FROM tickets_memberaccount a
            WHERE a.organization_id = org AND a.member_id = me AND a.account_id = p_account))
        AND (position('brand' IN scope) = 0 OR EXISTS (SELECT 1 FROM channels_social_socialaccount s
            WHERE s.organization_id = org AND s.id = p_account AND s.purpose = 'brand'))
        AND (position('own' IN scope) = 0 OR p_assignee = me
            OR (position('pool' IN scope) > 0 AND p_assignee IS NULL AND p_priority = 'low'))
    THEN RETURN true; END IF;
    RETURN coalesce(current_setting('app.whole', true), '') = 'on' OR EXISTS (
        SELECT 1 FROM tickets_caseaccess x WHERE x.organization_id = org AND x.ticket_id = p_ticket
        AND x.member_id = me AND (x.until IS NULL OR x.until > now()));
END $$;

CREATE FUNCTION tickets_sees_ticket(p_ticket bigint) RETURNS boolean {HEAD}
DECLARE
    t tickets_ticket;
BEGIN
    SELECT * INTO t FROM tickets_ticket WHERE organization_id = {ORG} AND id = p_ticket;
    -- Intake writes threads and messages before their case, in one transaction: what is not there hides nothing.
    IF NOT FOUND THEN RETURN true; END IF;
    IF NOT t.is_reserved AND coalesce(current_setting('app.scope', true), '') = '' THEN RETURN true; END IF;
    RETURN tickets_sees_case(t.id, t.account_id, t.assignee_id, t.priority, t.is_reserved);
END $$;

CREATE FUNCTION tickets_sees_thread(p_ticket bigint, p_account bigint) RETURNS boolean {HEAD}
BEGIN
    IF p_ticket IS NOT NULL THEN RETURN tickets_sees_ticket(p_ticket); END IF;
    -- Noise goes by its account; nobody shares it and nobody has it.
    RETURN tickets_sees_case(NULL, p_account, NULL, '', false);
END $$;

CREATE FUNCTION tickets_sees_message(p_ticket bigint, p_conversation bigint) RETURNS boolean {HEAD}
DECLARE
    place bigint;
BEGIN
    IF p_ticket IS NOT NULL THEN RETURN tickets_sees_ticket(p_ticket); END IF;
    IF coalesce(current_setting('app.scope', true), '') = '' THEN RETURN true; END IF;
    SELECT account_id INTO place FROM tickets_conversation WHERE organization_id = {ORG} AND id = p_conversation;
    RETURN tickets_sees_case(NULL, place, NULL, '', false);
END $$;

CREATE FUNCTION tickets_sees_part(p_message bigint) RETURNS boolean {HEAD}
DECLARE
    m record;
BEGIN
    SELECT ticket_id, conversation_id INTO m FROM tickets_message WHERE organization_id = {ORG} AND id = p_message;
    RETURN NOT FOUND OR tickets_sees_message(m.ticket_id, m.conversation_id);
END $$;
REVOKE ALL ON FUNCTION tickets_sees_case, tickets_sees_ticket, tickets_sees_thread, tickets_sees_message,
    tickets_sees_part FROM PUBLIC;
GRANT EXECUTE ON FUNCTION tickets_sees_case, tickets_sees_ticket, tickets_sees_thread, tickets_sees_message,
    tickets_sees_part TO "{APP}", "{WORKER}";
"""
EVERYTHING = "coalesce(current_setting('app.scope', true), '') = ''"
POLICIES = [
    narrow(
        "tickets_ticket",
        f"(NOT is_reserved AND {EVERYTHING}) "
        "OR tickets_sees_case(id, account_id, assignee_id, priority, is_reserved)",
    ),
    narrow(
        "tickets_conversation",
        f"(current_ticket_id IS NULL AND {EVERYTHING}) OR tickets_sees_thread(current_ticket_id, account_id)",
    ),
    narrow("tickets_message", "tickets_sees_message(ticket_id, conversation_id)"),
    *[
        narrow(table, f"{column} IS NULL OR tickets_sees_ticket({column})")
        for table, column in (
            ("tickets_note", "ticket_id"),
            ("tickets_filing", "ticket_id"),
            ("tickets_reference", "ticket_id"),
            ("tickets_clock", "ticket_id"),
            ("tickets_wait", "ticket_id"),
            ("tickets_petition", "ticket_id"),
            ("tickets_casemove", "kept_id"),
            ("helpdesk_auditevent", "ticket_id"),
        )
    ],
    *[
        narrow(table, f"{column} IS NULL OR tickets_sees_part({column})")
        for table, column in (
            ("tickets_messageversion", "message_id"),
            ("tickets_attachment", "message_id"),
            ("tickets_quote", "message_id"),
        )
    ],
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
        *[migrations.RunSQL(sql, migrations.RunSQL.noop) for sql in (SEES, *POLICIES)],
    ]
