"""Reading users and posts: API v2's look-ups and timelines."""

from __future__ import annotations

import sqlite3
from typing import Any

from channels_social.sandbox.ids import now_ms, snowflake_at, x_time
from channels_social.sandbox.ledger import charge
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World
from channels_social.sandbox.x.paging import an_id, meta, window
from channels_social.sandbox.x.people import show_user, user_by_id, user_by_name
from channels_social.sandbox.x.problems import KIND, Problem, invalid, missing, plain
from channels_social.sandbox.x.rows import post_row
from channels_social.sandbox.x.search import matching
from channels_social.sandbox.x.views import Page, asked, hidden_from

MENTIONS_REACH = 800
WEEK_MS = 7 * 86_400_000


def me(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users/me."""
    row = user_by_id(world, call.account)
    if row is None or row["suspended"]:
        raise plain(401)
    return {"data": show_user(world, row, asked(call.query, "user.fields"), call.account)}


def one_user(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users/:id."""
    number = an_id(call.named["id"])
    return found_user(world, call, user_by_id(world, number), "id", str(number))


def user_named(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users/by/username/:username."""
    name = call.named["username"]
    return found_user(world, call, user_by_name(world, name), "username", name)


def found_user(
    world: World, call: Call, row: sqlite3.Row | None, parameter: str, value: str
) -> dict[str, Any]:
    """One user, or a 200 with the error that says why not."""
    if row is None or row["suspended"]:
        return {"errors": [missing("user", parameter, value)]}
    return {"data": show_user(world, row, asked(call.query, "user.fields"), call.account)}


def users(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users?ids= and GET /2/users/by?usernames=."""
    parameter = "usernames" if "usernames" in call.query else "ids"
    values = [v for v in call.query.get(parameter, "").split(",") if v]
    if not 1 <= len(values) <= 100:
        raise invalid(f"The number of values in the `{parameter}` query parameter is not between 1 and 100")
    data, errors = [], []
    fields = asked(call.query, "user.fields")
    for value in values:
        row = (
            user_by_name(world, value) if parameter == "usernames" else user_by_id(world, an_id(value, "ids"))
        )
        if row is None or row["suspended"]:
            errors.append(missing("user", parameter, value))
        else:
            data.append(show_user(world, row, fields, call.account))
    return ({"data": data} if data else {}) | ({"errors": errors} if errors else {})


def tweets(world: World, call: Call) -> dict[str, Any]:
    """GET /2/tweets?ids= (1 to 100)."""
    values = [v for v in call.query.get("ids", "").split(",") if v]
    if not 1 <= len(values) <= 100:
        raise invalid(
            "The number of values in the `ids` query parameter list is not between 1 and 100", ids=""
        )
    page = Page(world, call.query, call.account)
    rows = []
    for value in dict.fromkeys(values):
        row = post_row(world, an_id(value, "ids"))
        problem = hidden_from(world, row, call.account, "ids", int(value))
        if problem is not None or row is None:
            page.errors.append(problem or missing("tweet", "ids", value))
        else:
            rows.append(row)
    read_costs(world, call, rows)
    return page.answer(page.tell(rows))


def one_tweet(world: World, call: Call) -> dict[str, Any]:
    """GET /2/tweets/:id: a post that cannot be shown is a 200 with its error."""
    number = an_id(call.named["id"])
    page = Page(world, call.query, call.account)
    row = post_row(world, number)
    problem = hidden_from(world, row, call.account, "id", number)
    if problem is not None or row is None:
        return {"errors": [problem or missing("tweet", "id", str(number))]}
    read_costs(world, call, [row])
    return page.answer(page.tell([row])[0])


def read_costs(world: World, call: Call, rows: list[sqlite3.Row], *, owned: bool = False) -> None:
    """Charge what was read: an account's own posts and mentions cost less."""
    kind = "owned_read" if owned else "post_read"
    charge(world.store, call.account or "app", kind, [str(row["id"]) for row in rows])


def timeline_user(world: World, call: Call) -> sqlite3.Row:
    """The user whose timeline is read; raises Problem when there is none."""
    number = an_id(call.named["id"])
    row = user_by_id(world, number)
    if row is None or row["suspended"]:
        raise Problem(200, {"errors": [missing("user", "id", str(number))]})
    return row


def mentions(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users/:id/mentions.

    The newest version of each post, at most 800 back, protected authors left out.
    """
    user = timeline_user(world, call)
    asked_for = window(world, call.query, low=5, default=10, tokens=("pagination_token",))
    sql = """SELECT p.* FROM x_mention m JOIN x_post p ON p.id = m.post_id JOIN x_user u ON u.id = p.author_id
             WHERE m.user_id = ? AND m.post_id > ? AND m.post_id < ? AND p.deleted = 0 AND p.newer IS NULL
             AND p.author_id <> m.user_id AND u.protected = 0 AND u.suspended = 0
             AND m.post_id >= coalesce((SELECT post_id FROM x_mention WHERE user_id = ?
                                        ORDER BY post_id DESC LIMIT 1 OFFSET ?), 0)
             ORDER BY m.post_id DESC LIMIT ?"""
    bounds = (
        user["id"],
        asked_for.since,
        asked_for.until,
        user["id"],
        MENTIONS_REACH - 1,
        asked_for.size + 1,
    )
    return told(world, call, world.store.all(sql, *bounds), asked_for, owned=call.account == str(user["id"]))


def user_tweets(world: World, call: Call) -> dict[str, Any]:
    """GET /2/users/:id/tweets."""
    user = timeline_user(world, call)
    if user["protected"] and call.account != str(user["id"]):
        body = {"title": "Authorization Error", "detail": "Sorry, you are not authorized to see the user."}
        raise Problem(200, {"errors": [body | {"type": KIND + "not-authorized-for-resource"}]})
    asked_for = window(world, call.query, low=5, default=10, tokens=("pagination_token",))
    left_out = set(call.query.get("exclude", "").split(","))
    sql = "SELECT * FROM x_post WHERE author_id = ? AND id > ? AND id < ? AND deleted = 0 AND newer IS NULL"
    sql += " AND reply_to IS NULL" if "replies" in left_out else ""
    sql += " AND reposted IS NULL" if "retweets" in left_out else ""
    bounds = (user["id"], asked_for.since, asked_for.until, asked_for.size + 1)
    rows = world.store.all(sql + " ORDER BY id DESC LIMIT ?", *bounds)
    return told(world, call, rows, asked_for, owned=call.account == str(user["id"]))


def told(
    world: World, call: Call, rows: list[sqlite3.Row], asked_for: Any, *, owned: bool = False
) -> dict[str, Any]:
    """A page of posts with its meta; one row more than asked for means there is another page."""
    more, rows = len(rows) > asked_for.size, rows[: asked_for.size]
    page = Page(world, call.query, call.account)
    data = page.tell(rows)
    read_costs(world, call, rows, owned=owned)
    return page.answer(data, meta(rows, more=more, token=asked_for.token))


def search_recent(world: World, call: Call) -> dict[str, Any]:
    """GET /2/tweets/search/recent: seven days, the operators a help desk uses."""
    query = call.query.get("query", "")
    if not 1 <= len(query) <= 512:
        raise invalid(
            "The `query` query parameter is invalid: its length is not between 1 and 512", query=query
        )
    floor = snowflake_at(now_ms() - WEEK_MS)
    since = call.query.get("since_id")
    if since and (call.query.get("start_time") or call.query.get("end_time")):
        raise invalid("Invalid use of since_id in conjunction with start_time or end_time", since_id=since)
    if since and an_id(since, "since_id") < floor:
        when = x_time(now_ms() - WEEK_MS)[:16] + "Z"
        raise invalid(
            f"'since_id' must be a tweet id created after {when}. "
            f"Please use a 'since_id' that is larger than {floor}",
            since_id=since,
        )
    asked_for = window(world, call.query, low=10, default=10, tokens=("next_token", "pagination_token"))
    where, values = matching(world, query)
    sql = f"""SELECT p.* FROM x_post p JOIN x_user u ON u.id = p.author_id WHERE p.id > ? AND p.id < ?
              AND p.deleted = 0 AND p.newer IS NULL AND p.reposted IS NULL
              AND u.protected = 0 AND u.suspended = 0 AND {where} ORDER BY p.id DESC LIMIT ?"""
    bounds = (max(asked_for.since, floor), asked_for.until, *values, asked_for.size + 1)
    return told(world, call, world.store.all(sql, *bounds), asked_for)
