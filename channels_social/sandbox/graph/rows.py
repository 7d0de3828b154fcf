"""Pages, people, posts, comments, threads and messages as they lie in the file."""

from __future__ import annotations

import sqlite3

from channels_social.sandbox.world import World


def page_row(world: World, number: str) -> sqlite3.Row | None:
    """A page."""
    return world.store.one("SELECT * FROM fb_page WHERE id = ?", number)


def person_row(world: World, number: str) -> sqlite3.Row | None:
    """A person by the id their comments carry."""
    return world.store.one("SELECT * FROM fb_person WHERE id = ?", number)


def person_of_psid(world: World, psid: str) -> sqlite3.Row | None:
    """A person by page-scoped id."""
    return world.store.one("SELECT * FROM fb_person WHERE psid = ?", psid)


def post_row(world: World, number: str) -> sqlite3.Row | None:
    """A post, deleted ones included."""
    return world.store.one("SELECT * FROM fb_post WHERE id = ?", number)


def comment_row(world: World, number: str) -> sqlite3.Row | None:
    """A comment, deleted ones included."""
    return world.store.one("SELECT * FROM fb_comment WHERE id = ?", number)


def thread_row(world: World, number: str) -> sqlite3.Row | None:
    """A conversation by its `t_` id."""
    return world.store.one("SELECT * FROM fb_thread WHERE id = ?", number)


def thread_with(world: World, page: str, psid: str) -> sqlite3.Row | None:
    """The conversation of a page and a person."""
    return world.store.one("SELECT * FROM fb_thread WHERE page_id = ? AND psid = ?", page, psid)


def message_row(world: World, mid: str) -> sqlite3.Row | None:
    """A message, unsent ones included."""
    return world.store.one("SELECT * FROM fb_message WHERE mid = ?", mid)


def name_of(world: World, number: str) -> str:
    """Name of a page or person; empty when nobody has this id."""
    row = page_row(world, number) or person_row(world, number) or person_of_psid(world, number)
    return "" if row is None else row["name"]
