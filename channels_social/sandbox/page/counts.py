"""How much customers said to a company, and how much of it was answered."""

from __future__ import annotations

import sqlite3

from channels_social.sandbox.world import World

# Customers' words addressed to the company, and those of them somebody answered after.
SAID = """
SELECT (SELECT count(*) FROM x_mention m JOIN x_post p ON p.id = m.post_id
        WHERE m.user_id = :x AND p.author_id <> :x AND p.deleted = 0 AND p.newer IS NULL)
     + (SELECT count(*) FROM x_dm d JOIN x_dm_member m ON m.conversation_id = d.conversation_id
        WHERE m.user_id = :x AND d.sender_id <> :x AND d.deleted = 0)
     + (SELECT count(*) FROM fb_comment WHERE page_id = :page AND author_id <> :page AND deleted = 0)
     + (SELECT count(*) FROM fb_post WHERE page_id = :page AND author_id <> :page AND deleted = 0)
     + (SELECT count(*) FROM fb_message WHERE page_id = :page AND from_page = 0 AND deleted = 0) AS said,
       (SELECT count(DISTINCT p.reply_to) FROM x_post p WHERE p.author_id = :x AND p.deleted = 0
        AND p.reply_to IS NOT NULL)
     + (SELECT count(*) FROM x_dm d JOIN x_dm_member m ON m.conversation_id = d.conversation_id
        WHERE m.user_id = :x AND d.sender_id <> :x AND d.deleted = 0 AND EXISTS (SELECT 1 FROM x_dm a
          WHERE a.conversation_id = d.conversation_id AND a.sender_id = :x AND a.id > d.id))
     + (SELECT count(*) FROM fb_comment c WHERE page_id = :page AND author_id <> :page AND deleted = 0
        AND (private_mid IS NOT NULL OR EXISTS (SELECT 1 FROM fb_comment a
          WHERE a.parent_id = coalesce(c.parent_id, c.id) AND a.author_id = :page AND a.seq > c.seq)))
     + (SELECT count(*) FROM fb_post f WHERE page_id = :page AND author_id <> :page AND deleted = 0
        AND EXISTS (SELECT 1 FROM fb_comment a WHERE a.post_id = f.id AND a.author_id = :page))
     + (SELECT count(*) FROM fb_message m WHERE page_id = :page AND from_page = 0 AND deleted = 0
        AND EXISTS (SELECT 1 FROM fb_message a
          WHERE a.thread_id = m.thread_id AND a.from_page = 1 AND a.seq > m.seq)) AS answered
"""


def told_counts(said: int, answered: int) -> str:
    """Both figures as markup."""
    one, other = "" if said == 1 else "s", "" if answered == 1 else "s"
    return f'<b class="num">{said}</b> mensaje{one} · <b class="num">{answered}</b> respondido{other}'


def counts(world: World, company: sqlite3.Row) -> tuple[int, int]:
    """Said by customers, and answered."""
    [row] = world.store.all_named(SAID, {"x": company["x_user_id"], "page": company["page_id"]})
    return row["said"], min(row["answered"], row["said"])
