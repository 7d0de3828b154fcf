"""A day's deliveries, invented: bodies as X (X Activity) and Meta send them, to three organizations.

Seven of ten begin something new, by people new or known; the others go on with a thread of this run.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from benches import voices
from benches.data import FIRST_PAGE, FIRST_X

PLACES = (1, 2, 5)
EPOCH_MS = 1_288_834_974_657
GOES_ON, IS_KNOWN, IS_COURTESY = 0.3, 0.4, 0.2
KINDS = ("mention", "dm", "comment", "messenger")
WEIGHTS = (45, 15, 24, 16)


@dataclass(frozen=True)
class Delivery:
    """One webhook request."""

    network: str
    body: bytes

    @property
    def path(self) -> str:
        return "/hooks/x/" if self.network == "x" else "/hooks/meta/"

    def headers(self, secrets: dict[str, str]) -> dict[str, str]:
        """Signed as its network signs."""
        if self.network == "x":
            mac = hmac.new(secrets["X_CONSUMER_SECRET"].encode(), self.body, hashlib.sha256).digest()
            return {"x-twitter-webhooks-signature": "sha256=" + base64.b64encode(mac).decode(), **JSON_TYPE}
        mac = hmac.new(secrets["FB_APP_SECRET"].encode(), self.body, hashlib.sha256)
        return {"x-hub-signature-256": "sha256=" + mac.hexdigest(), **JSON_TYPE}


JSON_TYPE = {"Content-Type": "application/json"}


@dataclass
class Mix:
    """Makes deliveries. ``seed`` names a run: the same one gives the same people and words, but new ids."""

    seed: int
    people: int
    places: tuple[int, ...] = PLACES
    threads: dict[tuple[int, str], list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)
        # Ids grow from now on, whatever ran before.
        self.next_ms = int(time.time() * 1000)
        self.serial = int(time.time() * 1000) % 10**10 * 1000

    def deliveries(self, count: int, *, mark: str = "") -> list[Delivery]:
        """So many, organizations mixed; the last one says ``mark``."""
        made = [self._one(self.dice.choice(self.places)) for _ in range(count - 1)]
        return [*made, self._mention(self.places[0], None, f"{voices.sentence(self.dice)} {mark}".strip())]

    def mentions(self, count: int, *, mark: str = "", end: str = "") -> Iterator[Delivery]:
        """Mentions only, each of a new thread; ``mark``, a number and ``end`` in each text."""
        for number in range(count):
            text = voices.sentence(self.dice)
            said = f"{mark}{number}{end} {text}" if mark else text
            yield self._mention(self.places[number % len(self.places)], None, said)

    def _one(self, place: int) -> Delivery:
        kind = self.dice.choices(KINDS, WEIGHTS)[0]
        known = self.threads.setdefault((place, kind), [])
        thread = self.dice.choice(known[-300:]) if known and self.dice.random() < GOES_ON else None
        courtesy = thread is not None and self.dice.random() < IS_COURTESY
        text = self.dice.choice(voices.COURTESIES) if courtesy else voices.sentence(self.dice)
        return getattr(self, f"_{kind}")(place, thread, text)

    def _id(self) -> str:
        """A snowflake of the next millisecond."""
        self.next_ms += 1
        return str((self.next_ms - EPOCH_MS) << 22)

    def _person(self) -> dict[str, str]:
        """Someone of the built data (if of that organization, their identity is found) or someone new."""
        self.serial += 1
        if self.dice.random() < IS_KNOWN:
            number = self.dice.randrange(1, self.people + 1)
            return {
                "id": str(7_000_000_000_000 + number),
                "name": voices.person(self.dice),
                "handle": f"Persona{number}",
            }
        return {
            "id": str(8 * 10**14 + self.serial),
            "name": voices.person(self.dice),
            "handle": f"nueva{self.serial}",
        }

    def _begun(self, place: int, kind: str, **facts: Any) -> dict[str, Any]:
        thread = {"who": self._person(), **facts}
        self.threads.setdefault((place, kind), []).append(thread)
        return thread

    def _mention(self, place: int, thread: dict[str, Any] | None, text: str) -> Delivery:
        number, account = self._id(), str(FIRST_X + place)
        is_reply = thread is not None
        thread = thread or self._begun(place, "mention", root=number)
        who = thread["who"]
        post: dict[str, Any] = {
            "id": number, "text": f"@Banca{place:02} {text}", "author_id": who["id"], "lang": "es",
            "conversation_id": thread["root"], "created_at": _iso(self.next_ms), "edit_history_tweet_ids": [number],
            "reply_settings": "everyone", "possibly_sensitive": False,
            "public_metrics": {"retweet_count": 0, "reply_count": 0, "like_count": 0, "impression_count": 3},
            "edit_controls": {"edits_remaining": 5, "editable_until": _iso(self.next_ms + 3_600_000)},
            "entities": {"mentions": [{"start": 0, "end": 8, "username": f"Banca{place:02}", "id": account}]},
        }  # fmt: skip
        if is_reply:
            post |= {
                "in_reply_to_user_id": account,
                "referenced_tweets": [{"type": "replied_to", "id": thread["root"]}],
            }
        user = {
            "id": who["id"], "name": who["name"], "username": who["handle"], "verified": False, "protected": False,
            "profile_image_url": f"https://pbs.twimg.com/profile_images/{who['id']}/foto_normal.jpg",
            "created_at": "2015-03-01T12:00:00.000Z", "receives_your_dm": False,
        }  # fmt: skip
        kind = "post.reply.create" if is_reply else "post.mention.create"
        return _x(account, kind, post, {"users": [user]})

    def _dm(self, place: int, thread: dict[str, Any] | None, text: str) -> Delivery:
        number, account = self._id(), str(FIRST_X + place)
        thread = thread or self._begun(place, "dm")
        who = thread["who"]
        message = {
            "type": "message_create", "id": number, "created_timestamp": str(self.next_ms),
            "message_create": {
                "target": {"recipient_id": account}, "sender_id": who["id"],
                "message_data": {"text": text, "entities": {"hashtags": [], "user_mentions": [], "urls": []}},
            },
        }  # fmt: skip
        user = {
            "id": who["id"], "name": who["name"], "screen_name": who["handle"], "protected": False, "verified": False,
            "profile_image_url_https": f"https://pbs.twimg.com/profile_images/{who['id']}/foto_normal.jpg",
        }  # fmt: skip
        return _x(
            account, "dm.received", {"direct_message_events": [message], "users": {who["id"]: user}}, None
        )

    def _comment(self, place: int, thread: dict[str, Any] | None, text: str) -> Delivery:
        page, number = str(FIRST_PAGE + place), self._id()
        post = f"{page}_{self.dice.randrange(10**14, 2 * 10**14) // 10**11}"
        comment = f"{post.partition('_')[2]}_{number}"
        parent = thread["root"] if thread else post
        thread = thread or self._begun(place, "comment", root=comment)
        value = {
            "from": {"id": thread["who"]["id"], "name": thread["who"]["name"]}, "message": text, "item": "comment",
            "verb": "add", "comment_id": comment, "post_id": post, "parent_id": parent,
            "created_time": self.next_ms // 1000,
            "post": {"status_type": "mobile_status_update", "is_published": True, "id": post,
                     "permalink_url": f"https://www.facebook.com/{post}", "promotion_status": "inactive",
                     "updated_time": "2026-11-20T12:00:00+0000"},
        }  # fmt: skip
        return _meta(page, self.next_ms, changes=[{"field": "feed", "value": value}])

    def _messenger(self, place: int, thread: dict[str, Any] | None, text: str) -> Delivery:
        page, number = str(FIRST_PAGE + place), self._id()
        thread = thread or self._begun(place, "messenger")
        event = {
            "sender": {"id": thread["who"]["id"]}, "recipient": {"id": page}, "timestamp": self.next_ms,
            "message": {"mid": f"m_{number}{'x' * 60}", "text": text},
        }  # fmt: skip
        return _meta(page, self.next_ms, messaging=[event])


def _iso(ms: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(ms / 1000)) + f".{ms % 1000:03}Z"


def _x(account: str, kind: str, payload: dict[str, Any], includes: dict[str, Any] | None) -> Delivery:
    data = {
        "filter": {"user_id": account}, "event_uuid": str(random.getrandbits(60)), "event_type": kind,
        "tag": "circunflejo", "payload": payload,
    }  # fmt: skip
    if includes:
        data["includes"] = includes
    return Delivery("x", json.dumps({"data": data}, ensure_ascii=False).encode())


def _meta(page: str, ms: int, **parts: Any) -> Delivery:
    body = {"object": "page", "entry": [{"id": page, "time": ms // 1000, **parts}]}
    return Delivery("facebook", json.dumps(body, ensure_ascii=False).encode())
