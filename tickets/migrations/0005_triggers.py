from django.db import migrations

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

CREATE FUNCTION tickets_count_steps() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE TRIGGER count_inserted AFTER INSERT ON tickets_ticket REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_steps();
CREATE TRIGGER count_updated AFTER UPDATE ON tickets_ticket REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_count_steps();
"""

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

# Whoever writes a row of a customer who was unified a moment ago writes it to whom they are now. The lock is the
# one the reference takes anyway, taken before the look: it waits for a unification that is on its way.
FOLLOW = """
CREATE FUNCTION tickets_follow_unified() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    next_id bigint;
BEGIN
    LOOP
        SELECT merged_into_id INTO next_id FROM tickets_customer
        WHERE organization_id = NEW.organization_id AND id = NEW.customer_id FOR KEY SHARE;
        EXIT WHEN next_id IS NULL;
        NEW.customer_id := next_id;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_identity
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_conversation
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
CREATE TRIGGER follow_unified BEFORE INSERT ON tickets_ticket
    FOR EACH ROW EXECUTE FUNCTION tickets_follow_unified();
"""

# What other systems are told of is written by triggers: in the transaction of the change, and for every writer of
# these tables, also the set-based ones and those to come. Without an active subscription it is one look at an
# empty partial index a statement.
TELL = """
CREATE FUNCTION tickets_webhook_created() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM tickets_webhooksubscription WHERE is_active) THEN RETURN NULL; END IF;
    IF TG_TABLE_NAME = 'tickets_ticket' THEN
        INSERT INTO tickets_webhookdelivery
            (organization_id, subscription_id, key, event, ticket_id, changed, state, attempts)
        SELECT f.organization_id, s.id, gen_random_uuid(), 'ticket.created', f.id, '{}', 'pending', 0
        FROM fresh f JOIN tickets_webhooksubscription s
            ON s.organization_id = f.organization_id AND s.is_active AND 'ticket.created' = ANY(s.events)
        ORDER BY f.id;
    ELSIF TG_TABLE_NAME = 'tickets_filing' THEN
        INSERT INTO tickets_webhookdelivery
            (organization_id, subscription_id, key, event, ticket_id, filing_id, changed, state, attempts)
        SELECT f.organization_id, s.id, gen_random_uuid(), 'filing.created', f.ticket_id, f.id, '{}', 'pending', 0
        FROM fresh f JOIN tickets_webhooksubscription s
            ON s.organization_id = f.organization_id AND s.is_active AND 'filing.created' = ANY(s.events)
        ORDER BY f.id;
    ELSE
        INSERT INTO tickets_webhookdelivery
            (organization_id, subscription_id, key, event, ticket_id, message_id, changed, state, attempts)
        SELECT m.organization_id, s.id, gen_random_uuid(), m.event, m.ticket_id, m.id, '{}', 'pending', 0
        FROM (SELECT id, organization_id, ticket_id,
                     CASE WHEN direction = 'in' THEN 'message.received'
                          WHEN is_native OR send_state = 'sent' THEN 'message.sent' END AS event
              FROM fresh WHERE ticket_id IS NOT NULL) m
        JOIN tickets_webhooksubscription s
            ON s.organization_id = m.organization_id AND s.is_active AND m.event = ANY(s.events)
        ORDER BY m.id;
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_webhook_updated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    now_resolved boolean := NEW.state = 'resolved' AND OLD.state <> 'resolved';
    what text[] := array_remove(ARRAY[
        CASE WHEN NEW.state <> OLD.state THEN 'state' END,
        CASE WHEN NEW.kind <> OLD.kind THEN 'kind' END,
        CASE WHEN NEW.priority <> OLD.priority THEN 'priority' END,
        CASE WHEN NEW.assignee_id IS DISTINCT FROM OLD.assignee_id THEN 'assignee' END,
        CASE WHEN NEW.radicado IS DISTINCT FROM OLD.radicado THEN 'radicado' END,
        CASE WHEN NEW.customer_id <> OLD.customer_id THEN 'customer' END
    ], NULL);
BEGIN
    INSERT INTO tickets_webhookdelivery
        (organization_id, subscription_id, key, event, ticket_id, changed, state, attempts)
    SELECT NEW.organization_id, s.id, gen_random_uuid(),
           CASE WHEN now_resolved AND 'ticket.resolved' = ANY(s.events) THEN 'ticket.resolved'
                ELSE 'ticket.updated' END,
           NEW.id, what, 'pending', 0
    FROM tickets_webhooksubscription s
    WHERE s.organization_id = NEW.organization_id AND s.is_active
      AND ('ticket.updated' = ANY(s.events) OR (now_resolved AND 'ticket.resolved' = ANY(s.events)));
    RETURN NULL;
END $$;

CREATE FUNCTION tickets_webhook_sent() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO tickets_webhookdelivery
        (organization_id, subscription_id, key, event, ticket_id, message_id, changed, state, attempts)
    SELECT NEW.organization_id, s.id, gen_random_uuid(), 'message.sent', NEW.ticket_id, NEW.id, '{}', 'pending', 0
    FROM tickets_webhooksubscription s
    WHERE s.organization_id = NEW.organization_id AND s.is_active AND 'message.sent' = ANY(s.events);
    RETURN NULL;
END $$;

CREATE TRIGGER webhook_created AFTER INSERT ON tickets_ticket REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_webhook_created();
CREATE TRIGGER webhook_created AFTER INSERT ON tickets_filing REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_webhook_created();
CREATE TRIGGER webhook_created AFTER INSERT ON tickets_message REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION tickets_webhook_created();
CREATE TRIGGER webhook_updated AFTER UPDATE ON tickets_ticket FOR EACH ROW
    WHEN (NEW.state <> OLD.state OR NEW.kind <> OLD.kind OR NEW.priority <> OLD.priority
        OR NEW.assignee_id IS DISTINCT FROM OLD.assignee_id OR NEW.radicado IS DISTINCT FROM OLD.radicado
        OR NEW.customer_id <> OLD.customer_id)
    EXECUTE FUNCTION tickets_webhook_updated();
CREATE TRIGGER webhook_sent AFTER UPDATE ON tickets_message FOR EACH ROW
    WHEN (NEW.send_state = 'sent' AND OLD.send_state <> 'sent' AND NEW.ticket_id IS NOT NULL)
    EXECUTE FUNCTION tickets_webhook_sent();
"""

# What is broken stays broken, and what was promised stays promised: only where it hangs, who answers for it and
# whether anything more is owed may still change (care.md, finding 13).
FOR_EVER = """
CREATE FUNCTION tickets_commitment_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.state = 'broken' AND (TG_OP = 'DELETE' OR
        (NEW.state, NEW.due_at, NEW.settled_at, NEW.what, NEW.made_at, NEW.made_by_id, NEW.told_at, NEW.message_id)
        IS DISTINCT FROM
        (OLD.state, OLD.due_at, OLD.settled_at, OLD.what, OLD.made_at, OLD.made_by_id, OLD.told_at, OLD.message_id))
    THEN
        RAISE EXCEPTION 'a broken commitment stays as it is' USING ERRCODE = 'check_violation';
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    IF NEW.due_at IS DISTINCT FROM OLD.due_at THEN
        RAISE EXCEPTION 'another date is another commitment' USING ERRCODE = 'check_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER for_ever BEFORE UPDATE OR DELETE ON tickets_commitment
    FOR EACH ROW EXECUTE FUNCTION tickets_commitment_stays();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("tickets", "0004_scope"),
    ]

    operations = [
        *(
            migrations.RunSQL(sql, migrations.RunSQL.noop)
            for sql in (COUNTS, ACCOUNT, FOLLOW, TELL, FOR_EVER)
        ),
    ]
