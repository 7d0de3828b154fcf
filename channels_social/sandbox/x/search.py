"""Recent search's query language, as far as a help desk uses it."""

from __future__ import annotations

import re
from typing import Any

from channels_social.sandbox.world import World
from channels_social.sandbox.x.people import user_by_id, user_by_name
from channels_social.sandbox.x.problems import invalid

TOKEN = re.compile(r'-?(?:[a-z_]+:)?"[^"]*"|\(|\)|[^\s()]+', re.I)
ADDRESSED = {"from": "p.author_id = ?", "to": "p.reply_user = ?"}
KINDS = {
    "reply": "p.reply_to IS NOT NULL",
    "quote": "p.quoted IS NOT NULL",
    "retweet": "p.reposted IS NOT NULL",
    "verified": "u.verified_type <> 'none'",
}


def matching(world: World, query: str) -> tuple[str, list[Any]]:
    """The condition on posts `p` and authors `u`, and its values.

    Terms are joined by AND, or by OR where it says so.
    """
    parts: list[str] = []
    values: list[Any] = []
    for token in TOKEN.findall(query):
        if token in "()":
            parts.append(token)
        elif token.upper() in ("OR", "AND"):
            parts.append(token.upper())
        else:
            condition, some = term(world, token)
            parts.append(condition)
            values += some
    joined: list[str] = []
    for part in parts:
        follows_term = joined and joined[-1] not in ("OR", "AND", "(")
        if follows_term and part not in ("OR", "AND", ")"):
            joined.append("AND")
        joined.append(part)
    if sum(p == "(" for p in joined) != sum(p == ")" for p in joined) or joined[-1] in ("OR", "AND", "("):
        raise invalid("There were errors processing your request: no viable alternative", query=query)
    return "(" + " ".join(joined) + ")", values


def term(world: World, token: str) -> tuple[str, list[Any]]:
    """One term: an operator, a handle, a hashtag, a word or a phrase; `-` in front denies it."""
    denied, word = token.startswith("-"), token.removeprefix("-")
    name, colon, value = word.partition(":")
    values: list[Any]
    if colon and name in ADDRESSED:
        condition, values = ADDRESSED[name], [user_number(world, value)]
    elif colon and name == "conversation_id" and value.isdigit():
        condition, values = "p.conversation_id = ?", [int(value)]
    elif colon and name == "is" and value in KINDS:
        condition, values = KINDS[value], []
    elif colon and name == "lang":
        condition, values = "p.lang = ?", [value]
    elif word.startswith("@"):
        condition = "EXISTS (SELECT 1 FROM x_mention m WHERE m.post_id = p.id AND m.user_id = ?)"
        values = [user_number(world, word[1:])]
    elif colon and name in ("is", "has", "conversation_id") or not word:
        raise invalid(f"There were errors processing your request: invalid operator {token}", query=token)
    else:
        condition, values = "p.raw LIKE ? ESCAPE '\\'", ["%" + like(word.strip('"')) + "%"]
    return (f"NOT ({condition})" if denied else condition), values


def like(text: str) -> str:
    """A text with LIKE's own signs made literal."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def user_number(world: World, value: str) -> int:
    """The id of a handle or id; -1 when nobody has it."""
    row = user_by_id(world, value) if value.isdigit() else user_by_name(world, value)
    return -1 if row is None else row["id"]
