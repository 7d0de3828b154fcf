"""An answer accepted (POST until its response), beside the same rows written one by one in one transaction."""

from __future__ import annotations

import contextlib
import json
import os
import statistics
import sys
import time
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from house.terminal import Trouble

from benches.ground import Ground, ground, started
from benches.loads import Load, Request, Requests, median, send

SLUG = "banca-01"
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "5"))
SECONDS = int(os.environ.get("BENCH_SECONDS", "2"))
A_ROUND = int(os.environ.get("BENCH_REPLIES", "600"))
TEXT = "Gracias por escribirnos. Ya revisamos su caso y mañana antes de las diez le contamos qué pasó."
# Open cases of the biggest organization that nobody has touched since they were built.
FRESH = (
    "SELECT t.id, t.number, t.organization_id, v.id, v.account_id, v.thread_key, v.last_external_id "
    "FROM tickets_ticket t JOIN helpdesk_organization o ON o.id = t.organization_id "
    "JOIN tickets_conversation v ON v.organization_id = t.organization_id AND v.current_ticket_id = t.id "
    "WHERE o.slug = %s AND t.version = 1 AND t.state IN ('new', 'open') AND t.channel = 'x_public' LIMIT %s"
)
CANCEL = "UPDATE channels_social_outboundaction SET state = 'cancelled' WHERE state = 'queued'"
INTO_MESSAGES = (
    "INSERT INTO tickets_message (organization_id, conversation_id, ticket_id, network, external_id, "
    "parent_external_id, direction, is_public, text, occurred_at, author_id, is_native, needs_attention, "
    "is_courtesy, is_encrypted, send_state) VALUES (%s, %s, %s, 'x', NULL, '', 'out', true, %s, now(), %s, "
    "false, false, false, false, 'queued') RETURNING id"
)
INTO_ACTIONS = (
    "INSERT INTO channels_social_outboundaction (organization_id, account_id, kind, state, lane, not_before, "
    "thread_key, target_id, text, options, client_token, subject_id, created_by_id, attempts, absences, requeued, "
    "external_id, failure_code, failure_detail) VALUES (%s, %s, 'reply', 'queued', '1_individual', "
    "now() + interval '8 seconds', %s, %s, %s, '{}', %s, %s, %s, 0, 0, 0, '', '', '') RETURNING id"
)
INTO_AUDIT = (
    "INSERT INTO helpdesk_auditevent (organization_id, action, actor_id, ticket_id, data) "
    "VALUES (%s, 'reply.queued', %s, %s, %s)"
)
Case = tuple[Any, ...]


def run() -> dict[str, Any]:
    """Alternate; the ratio of the medians."""
    with ground(needs_twin=True) as here:
        here.catch_up()
        wanted = (ROUNDS + 1) * A_ROUND
        cases, others = here.ask(FRESH, [SLUG, wanted]), here.ask(FRESH, [SLUG, wanted], here.twin)
        if min(len(cases), len(others)) < 2 * (ROUNDS + 1):
            raise Trouble("too few untouched cases are left: drop the bench's databases and begin again")
        size = min(A_ROUND, len(cases) // (ROUNDS + 1), len(others) // (ROUNDS + 1))
        counted = here.python(
            "benches.reply_bench", SLUG, str(cases.pop()[1]), which="app", DATABASE_PLANS="0"
        )
        print(
            f"{len(counted['accepted'])} queries after authentication, {len(counted['after'])} after the answer"
        )
        port = int(here.env["DOOR_PORT"])
        # Beside the door, whoever tells the colleagues: it takes its share of the machine.
        with started(here.program("door"), here.program("inbox")):
            headers = here.python("benches.entry", SLUG, which="app")
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"}
            rounds = [
                _pair(here, cases[at : at + size], others[at : at + size], headers, port)
                for at in range(0, (ROUNDS + 1) * size, size)
            ][1:]
        for database in (here.database, here.twin):
            here.ask(CANCEL, database=database)
    return _result(rounds, counted)


def _pair(
    here: Ground, cases: list[Case], others: list[Case], headers: dict[str, str], port: int
) -> tuple[Load, list[float]]:
    requests = Requests(
        Request(f"/{SLUG}/casos/{case[1]}/respuestas/", "POST", headers, _form(case)) for case in cases
    )
    before = here.ask("SELECT count(*) FROM channels_social_outboundaction WHERE state = 'queued'")[0][0]
    load = send(requests, port=port, clients=1, seconds=SECONDS)
    after = here.ask("SELECT count(*) FROM channels_social_outboundaction WHERE state = 'queued'")[0][0]
    if load.requests > len(cases) or after - before < load.requests:
        raise Trouble(f"{load.requests} answers for {len(cases)} cases, {after - before} queued")
    with contextlib.closing(here.connect(here.twin)) as connection:
        raw = [_by_hand(connection, case) for case in others[: max(load.requests, 100)]]
    print(
        f"{load.requests} answers, p50 {load.p50_ms:.1f}, p95 {load.p95_ms:.1f} ms; rows alone p50 "
        f"{statistics.median(raw):.2f} ms; ratio {load.p50_ms / statistics.median(raw):.2f}",
        flush=True,
    )
    return load, raw


def _form(case: Case) -> bytes:
    return urlencode({"mode": "public", "text": TEXT, "client_token": uuid4().hex}).encode()


def _by_hand(connection: Any, case: Case) -> float:
    """The same rows, one statement a row, committed; milliseconds."""
    ticket, _number, organization, thread, account, thread_key, target = case
    started_at = time.perf_counter()
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM tickets_ticket WHERE organization_id = %s AND id = %s FOR UPDATE",
            [organization, ticket],
        )
        cursor.execute(INTO_MESSAGES, [organization, thread, ticket, f"{TEXT} ^JC", 1])
        message = cursor.fetchone()[0]
        token = uuid4().hex
        cursor.execute(
            INTO_ACTIONS, [organization, account, thread_key, target, f"{TEXT} ^JC", token, message, 1]
        )
        action = cursor.fetchone()[0]
        cursor.execute(
            "UPDATE tickets_message SET action_id = %s WHERE organization_id = %s AND id = %s",
            [action, organization, message],
        )
        cursor.execute(
            "UPDATE tickets_ticket SET last_text = %s, last_at = now(), version = version + 1 "
            "WHERE organization_id = %s AND id = %s",
            [TEXT, organization, ticket],
        )
        cursor.execute(
            INTO_AUDIT, [organization, 1, ticket, json.dumps({"mode": "public", "messages": [message]})]
        )
    return (time.perf_counter() - started_at) * 1000


def _result(rounds: list[tuple[Load, list[float]]], counted: dict[str, list[str]]) -> dict[str, Any]:
    return {
        "measured": {
            "p50_ms": median(load.p50_ms for load, _ in rounds),
            "p95_ms": median(load.p95_ms for load, _ in rounds),
            "p99_ms": median(load.p99_ms for load, _ in rounds),
            "answers": sum(load.requests for load, _ in rounds),
            "queries": len(counted["accepted"]),
            "queries_after_the_answer": len(counted["after"]),
        },
        "yardstick": {
            "p50_ms": median(statistics.median(raw) for _, raw in rounds),
            "p95_ms": median(statistics.quantiles(raw, n=20)[-1] for _, raw in rounds),
        },
        "ratio": median(load.p50_ms / statistics.median(raw) for load, raw in rounds),
        "ratios": {"p95": median(load.p95_ms / statistics.quantiles(raw, n=20)[-1] for load, raw in rounds)},
    }


def count(slug: str, number: str) -> dict[str, list[str]]:
    """What one accepted answer asks of the database, in this process, as the role it has: until whoever wrote it
    has the answer, and ``after`` that, while colleagues are told."""
    from django.test import RequestFactory

    from benches.entry import main
    from benches.pages import after_authentication, watched
    from helpdesk.wsgi import application

    statements: list[str] = []
    headers = main(slug) | {"HX-Request": "true", "Host": "localhost"}
    form = {"mode": "public", "text": TEXT, "client_token": uuid4().hex}
    asked = RequestFactory(headers=headers).post(f"/{slug}/casos/{number}/respuestas/", form)
    with watched(lambda sql, params, cursor: statements.append(sql)):
        answered = application(asked.environ, lambda status, headers: None)
        accepted = after_authentication(statements)
        statements.clear()
        answered.close()
    if answered.status_code != 200:
        raise SystemExit(f"status {answered.status_code}: {answered.content.decode()[:500]}")
    return {"accepted": accepted, "after": after_authentication(statements)}


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(count(*sys.argv[1:])))
