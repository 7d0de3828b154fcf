-- A million cases in a few statements, as the owner. %(tickets)s and %(customers)s are counts; the temporary
-- table `org` (place, id, x, page, members) was filled by benches/data.py. Everything is a function of a row's
-- number, so that every build is the same.

CREATE FUNCTION pg_temp.pick(n bigint, salt bigint, many int) RETURNS int LANGUAGE sql IMMUTABLE AS
'SELECT ((hashint8extended(n, salt) & 2147483647) %% many)::int';

CREATE FUNCTION pg_temp.one(n bigint, salt bigint, words text[]) RETURNS text LANGUAGE sql IMMUTABLE AS
'SELECT words[1 + ((hashint8extended(n, salt) & 2147483647) %% cardinality(words))::int]';

-- People --------------------------------------------------------------------------------------------------
CREATE TEMP TABLE person AS
SELECT c AS id, o.id AS org, o.place, o.x, o.page, o.members,
    pg_temp.one(c, 1, %(first)s) || ' ' || pg_temp.one(c, 2, %(last)s) || ' ' || pg_temp.one(c, 3, %(last)s) AS name,
    CASE WHEN k < 50 THEN 'x_public' WHEN k < 60 THEN 'x_dm' WHEN k < 82 THEN 'fb_comments' ELSE 'messenger' END AS kind,
    now() - interval '400 days' AS since
FROM (
    SELECT c, pg_temp.pick(c, 4, 1000) AS r, pg_temp.pick(c, 5, 100) AS k FROM generate_series(1, %(customers)s) c
) n JOIN org o ON o.place = CASE WHEN r < 500 THEN 1 ELSE 2 + floor(%(others)s * ((r - 500) / 500.0) ^ 2)::int END;
CREATE UNIQUE INDEX ON person (id);
ANALYZE person;

INSERT INTO tickets_customer (id, organization_id, name, created_at)
SELECT id, org, name, since FROM person;

INSERT INTO tickets_identity (id, organization_id, customer_id, network, scope, external_id, handle, handle_key,
    name, avatar_url, check_state, accepts_dm, is_anonymous, created_at)
SELECT id, org, id, CASE WHEN kind LIKE 'x%%' THEN 'x' ELSE 'facebook' END, CASE WHEN kind LIKE 'x%%' THEN 'user' WHEN kind = 'messenger' THEN 'messenger' ELSE 'comments' END,
    (7000000000000 + id)::text, CASE WHEN kind LIKE 'x%%' THEN 'Persona' || id ELSE '' END,
    CASE WHEN kind LIKE 'x%%' THEN 'persona' || id ELSE '' END, name, '', 'none', NULL, false, since
FROM person;

-- Cases ---------------------------------------------------------------------------------------------------
CREATE TEMP TABLE kase AS
SELECT n.id, p.org, p.place, p.id AS person, p.kind AS channel, p.x, p.page, n.opened_at, n.is_open,
    row_number() OVER (PARTITION BY p.org ORDER BY n.id) AS number,
    CASE WHEN n.k < 35 THEN 'informacion' WHEN n.k < 60 THEN 'queja' WHEN n.k < 78 THEN 'reclamo'
        WHEN n.k < 84 THEN 'felicitacion' WHEN n.k < 90 THEN 'sugerencia' ELSE 'peticion' END AS kind,
    CASE WHEN n.pr < 2 THEN 'critical' WHEN n.pr < 15 THEN 'high' WHEN n.pr < 80 THEN 'medium' ELSE 'low' END AS priority,
    CASE WHEN n.is_open AND n.a < 60 THEN p.members[1 + n.a %% cardinality(p.members)] END AS assignee,
    CASE WHEN NOT n.is_open THEN CASE WHEN n.a < 70 THEN 'resolved' WHEN n.a < 97 THEN 'closed' ELSE 'no_motive' END
        WHEN n.a < 55 THEN 'new' WHEN n.a < 85 THEN 'open' WHEN n.a < 95 THEN 'waiting_customer'
        ELSE 'waiting_area' END AS state,
    -- One in five open cases is late by up to ten days; the others fall due within sixty.
    CASE WHEN n.a >= 85 OR NOT n.is_open THEN NULL
        WHEN n.d < 200 THEN now() - n.d * interval '72 minutes' - (n.id %% 4320) * interval '1 second'
        ELSE now() + ((n.d - 200) / 800.0) ^ 2 * interval '60 days' + (n.id %% 86400) * interval '1 second' END AS due,
    n.id %% 40 = 7 AS is_long,
    pg_temp.one(n.id, 11, %(opening)s) || ' ' || pg_temp.one(n.id, 12, %(matter)s) || ' ' ||
        pg_temp.one(n.id, 13, %(detail)s) || ' ' || pg_temp.one(n.id, 14, %(ending)s) || ' ' || pg_temp.pick(n.id, 15, 90000) AS text
FROM (
    SELECT id, now() - (%(tickets)s - id) * (interval '400 days' / %(tickets)s) AS opened_at,
        1 + pg_temp.pick(id, 21, %(customers)s) AS person,
        pg_temp.pick(id, 22, 1000) < CASE WHEN id > %(tickets)s * 0.85 THEN 600 ELSE 12 END AS is_open,
        pg_temp.pick(id, 23, 100) AS k, pg_temp.pick(id, 24, 100) AS pr, pg_temp.pick(id, 25, 100) AS a,
        pg_temp.pick(id, 26, 1000) AS d
    FROM generate_series(1, %(tickets)s::bigint) id
) n JOIN person p ON p.id = n.person;

-- Words that search must find or not: rare in the biggest organization, absent in it but common next door.
UPDATE kase SET text = text || ' ornitorrinco' WHERE place = 1 AND id %% (%(tickets)s / 46) = 3;
UPDATE kase SET text = text || ' garrapata' WHERE place = 2 AND id %% 10 = 0;
CREATE UNIQUE INDEX ON kase (id);
ANALYZE kase;

CREATE TEMP TABLE filed AS
SELECT id, org, year, year || '-' || lpad((row_number() OVER (PARTITION BY org, year ORDER BY id))::text, 6, '0') AS radicado
FROM (SELECT id, org, extract(year FROM opened_at)::int AS year FROM kase
      WHERE kind IN ('queja', 'reclamo', 'peticion')) f;
CREATE UNIQUE INDEX ON filed (id);
ANALYZE filed;

INSERT INTO tickets_ticket (id, organization_id, number, radicado, customer_id, state, kind, suggested_kind,
    kind_reasons, priority, priority_reasons, assignee_id, opened_at, first_sent_at, last_sent_at, answered_until, resolved_at,
    reopened_count, last_text, last_at, channel, unanswered_since, unanswered_count, next_deadline_at,
    next_clock_kind, is_overdue, queue_at, version, account_id)
SELECT k.id, k.org, k.number, f.radicado, k.person, k.state, k.kind, k.kind, '{}', k.priority,
    CASE WHEN k.priority IN ('critical', 'high') THEN '{dinero}'::text[] ELSE '{}' END, k.assignee, k.opened_at,
    CASE WHEN k.state <> 'new' THEN k.opened_at + interval '1 hour' END,
    CASE WHEN k.state <> 'new' THEN k.opened_at + interval '1 hour' END,
    CASE WHEN k.state <> 'new' THEN k.opened_at + interval '1 hour' END,
    CASE WHEN k.state IN ('resolved', 'closed') THEN k.opened_at + interval '1 day' END,
    0, left(k.text, 160), k.opened_at, k.channel, CASE WHEN k.state IN ('new', 'open') THEN k.opened_at END,
    CASE WHEN k.state IN ('new', 'open') THEN 1 ELSE 0 END, k.due,
    CASE WHEN k.due IS NULL THEN '' WHEN k.state = 'new' THEN 'first_response' ELSE 'resolution' END,
    coalesce(k.due < now(), false), coalesce(k.due, '9999-01-01 00:00:00+00'), 1,
    CASE WHEN k.channel LIKE 'x%%' THEN k.x ELSE k.page END
FROM kase k LEFT JOIN filed f ON f.id = k.id ORDER BY k.id;

INSERT INTO tickets_filing (organization_id, ticket_id, radicado, kind, received_at, filed_at)
SELECT f.org, f.id, f.radicado, k.kind, k.opened_at, k.opened_at FROM filed f JOIN kase k ON k.id = f.id;

INSERT INTO tickets_counter (organization_id, year, n)
SELECT org, 0, count(*) FROM kase GROUP BY org UNION ALL SELECT org, year, count(*) FROM filed GROUP BY org, year
ON CONFLICT (organization_id, year) DO UPDATE SET n = excluded.n;

INSERT INTO tickets_clock (organization_id, ticket_id, kind, started_at, due_at, warn_at, why, warned_at, breached_at,
    met_at, paused_at, cancelled_at)
SELECT k.org, k.id, c.kind, k.opened_at, coalesce(k.due, k.opened_at + interval '1 day'),
    CASE WHEN k.due < now() + interval '1 hour' THEN NULL
        ELSE coalesce(k.due, k.opened_at + interval '1 day') - interval '1 hour' END,
    jsonb_build_object('wall', false, 'minutes', 120, 'calendar', h.id, 'priority', 'medium'),
    CASE WHEN k.due < now() + interval '1 hour' THEN k.due - interval '1 hour' END,
    CASE WHEN k.due < now() THEN k.due END,
    CASE WHEN k.state IN ('resolved', 'closed', 'no_motive') OR (c.kind = 'first_response' AND k.state <> 'new')
        THEN k.opened_at + interval '1 hour' END,
    CASE WHEN k.state LIKE 'waiting%%' AND c.kind = 'resolution' THEN k.opened_at + interval '2 hours' END, NULL
FROM kase k JOIN (SELECT organization_id AS org, min(id) AS id FROM protocols_calendar GROUP BY 1) h ON h.org = k.org,
    (VALUES ('first_response'), ('resolution')) c(kind);

-- Conversations: in public one a case, in private one a person --------------------------------------------
INSERT INTO tickets_conversation (id, organization_id, account_id, network, kind, thread_key, customer_id, identity_id,
    root_external_id, current_ticket_id, last_customer_at, last_sent_at, last_external_id, is_provisional, created_at)
SELECT k.id, k.org, CASE WHEN k.channel = 'x_public' THEN k.x ELSE k.page END,
    CASE WHEN k.channel = 'x_public' THEN 'x' ELSE 'facebook' END, k.channel,
    'r' || k.id || ':' || (7000000000000 + k.person), k.person, k.person, 'r' || k.id, k.id, k.opened_at,
    CASE WHEN k.state <> 'new' THEN k.opened_at + interval '1 hour' END, 'm' || k.id, false, k.opened_at
FROM kase k WHERE k.channel IN ('x_public', 'fb_comments');

INSERT INTO tickets_conversation (id, organization_id, account_id, network, kind, thread_key, customer_id, identity_id,
    root_external_id, current_ticket_id, last_customer_at, last_sent_at, last_external_id, is_provisional, created_at)
SELECT %(tickets)s + p.id, p.org, CASE WHEN p.kind = 'x_dm' THEN p.x ELSE p.page END,
    CASE WHEN p.kind = 'x_dm' THEN 'x' ELSE 'facebook' END, p.kind,
    CASE WHEN p.kind = 'x_dm' THEN (7000000000000 + p.id) || '-' || a.external_id
        ELSE a.external_id || ':' || (7000000000000 + p.id) END,
    p.id, p.id, 'd' || p.id, last.id, last.opened_at, NULL, coalesce('m' || last.id, ''), false, p.since
FROM person p
JOIN channels_social_socialaccount a ON a.id = CASE WHEN p.kind = 'x_dm' THEN p.x ELSE p.page END
LEFT JOIN (SELECT DISTINCT ON (person) person, id, opened_at FROM kase ORDER BY person, id DESC) last ON last.person = p.id
WHERE p.kind IN ('x_dm', 'messenger');

-- Messages: one a case, eight in one case of forty, half of those ours -------------------------------------
CREATE TEMP TABLE words AS
SELECT row_number() OVER (ORDER BY at, ticket, part) AS id, *
FROM (
    SELECT k.id AS ticket, part, k.org, k.person, k.channel, k.x, k.page, part %% 2 = 1 AS is_ours,
        k.opened_at + part * interval '40 minutes' AS at,
        CASE WHEN part = 0 THEN k.text ELSE pg_temp.one(k.id * 8 + part, 11, %(opening)s) || ' ' || pg_temp.one(k.id * 8 + part, 12, %(matter)s) || ' ' ||
        pg_temp.one(k.id * 8 + part, 13, %(detail)s) || ' ' || pg_temp.one(k.id * 8 + part, 14, %(ending)s) || ' ' || pg_temp.pick(k.id * 8 + part, 15, 90000) END AS text
    FROM kase k, generate_series(0, CASE WHEN k.is_long THEN 7 ELSE 0 END) part
) w;

INSERT INTO channels_social_outboundaction (id, organization_id, account_id, kind, state, lane, not_before, thread_key,
    target_id, text, options, client_token, subject_id, created_by_id, created_at, attempts, absences, requeued,
    external_id, sent_at, failure_code, failure_detail)
SELECT w.id, w.org, CASE WHEN w.channel LIKE 'x%%' THEN w.x ELSE w.page END,
    CASE WHEN w.channel IN ('x_public', 'fb_comments') THEN 'reply' ELSE 'direct_message' END, 'sent', '1_individual',
    w.at, 'r' || w.ticket, 'm' || w.ticket, w.text || ' ^JC', '{}', 't' || w.id, w.id, o.members[1], w.at, 1, 0, 0,
    'm' || w.ticket || '.' || w.part, w.at, '', ''
FROM words w JOIN org o ON o.id = w.org WHERE w.is_ours;

INSERT INTO tickets_message (id, organization_id, conversation_id, ticket_id, network, external_id, parent_external_id,
    direction, is_public, text, occurred_at, received_at, author_id, is_native, needs_attention, is_courtesy,
    is_encrypted, action_id, send_state)
SELECT w.id, w.org, CASE WHEN w.channel IN ('x_public', 'fb_comments') THEN w.ticket ELSE %(tickets)s + w.person END,
    w.ticket, CASE WHEN w.channel LIKE 'x%%' THEN 'x' ELSE 'facebook' END,
    'm' || w.ticket || CASE WHEN w.part > 0 THEN '.' || w.part ELSE '' END, '',
    CASE WHEN w.is_ours THEN 'out' ELSE 'in' END, w.channel IN ('x_public', 'fb_comments'),
    w.text || CASE WHEN w.is_ours THEN ' ^JC' ELSE '' END, w.at, w.at, CASE WHEN w.is_ours THEN o.members[1] END,
    false, NOT w.is_ours, false, false, CASE WHEN w.is_ours THEN w.id END, CASE WHEN w.is_ours THEN 'sent' ELSE '' END
FROM words w JOIN org o ON o.id = w.org ORDER BY w.id;

INSERT INTO tickets_note (organization_id, ticket_id, author_id, text, at)
SELECT k.org, k.id, o.members[1], 'Llamó también por teléfono; queda atenta.', k.opened_at + interval '3 hours'
FROM kase k JOIN org o ON o.id = k.org WHERE k.is_long;

INSERT INTO helpdesk_auditevent (organization_id, at, action, actor_id, ticket_id, data)
SELECT org, opened_at, 'ticket.opened', NULL, id, '{"kind": "queja", "previous": null}'::jsonb FROM kase
UNION ALL
SELECT org, opened_at + interval '30 minutes', 'ticket.assigned', assignee, id, '{"to": 1}'::jsonb FROM kase
WHERE assignee IS NOT NULL;

-- What came in during the last weeks, sealed bytes stood in for by noise of their length.
INSERT INTO channels_social_inboundevent (organization_id, account_id, kind, external_id, digest, source, payload,
    received_at, state, reason, taken_at)
SELECT org, CASE WHEN channel LIKE 'x%%' THEN x ELSE page END, 'x.post', 'm' || id, md5(id::text), 'webhook',
    decode(repeat(md5(id::text) || md5(text), 10), 'hex'), opened_at, 'done', '', opened_at
FROM kase WHERE id > %(tickets)s * 0.9;
