"""X spoken as one account: ``tweepy`` for the calls, our session for addresses, time-outs and limits."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import requests
import tweepy
from django.conf import settings

from channels_social.enums import ActionKind
from channels_social.networks import http
from channels_social.networks.base import Entry, Limit, NetworkError, Outgoing, Page, Receipt, Trace
from channels_social.networks.x import errors, prices, reading, searching, sending, uploading
from channels_social.networks.x.entries import files_of, history_of, people_of, post_entry

TWEEPY_HOST = "https://api.twitter.com"
LOOK_UP_AT_ONCE = 100
FILE_HOSTS = {"pbs.twimg.com", "video.twimg.com", "abs.twimg.com", "ton.twitter.com", "ton.x.com"}
_NUMBER = re.compile(r"/[0-9][0-9-]*(?=/|$)")


class XClient:
    """One account, one task. Raises :class:`NetworkError` from every call and nothing else."""

    host = TWEEPY_HOST

    def __init__(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> None:
        self.external_id, self.capabilities = external_id, capabilities
        self.trace = Trace()
        self.session = http.Session(base=settings.X_API_URL, instead_of=TWEEPY_HOST, seen=self._note)
        self._token = str(credentials.get("access_token") or "")
        # OAuth 2.0: the user's token goes where tweepy expects a bearer, with user_auth=False on writes.
        self.api = tweepy.Client(bearer_token=self._token, return_type=dict)
        self.api.session = self.session

    @property
    def headers(self) -> dict[str, str]:
        """What says who asks, for calls that tweepy has no verb for."""
        return {"Authorization": f"Bearer {self._token}"}

    def ask(self, call: Callable[[], Any], *, writes: bool = False, private: bool = False) -> dict[str, Any]:
        """The body of one call; what goes wrong becomes a :class:`NetworkError` without tokens in it."""
        try:
            body = call()
        except tweepy.HTTPException as error:
            raise errors.verdict(error.response, writes=writes, private=private) from None
        except (json.JSONDecodeError, requests.exceptions.InvalidJSONError):
            raise NetworkError("unknown" if writes else "later", "not_json") from None
        except requests.RequestException as error:
            raise http.unreachable(error, writes=writes) from None
        except AttributeError:  # tweepy on an error body that is a list
            raise NetworkError("unknown" if writes else "later", "not_understood") from None
        if not isinstance(body, dict):
            raise NetworkError("unknown" if writes else "later", "not_understood")
        return body

    def poll(self, stream: str, cursor: str) -> Page:
        """Walk ``mentions``, ``timeline`` or ``dms`` from the cursor, newest page first, to its end."""
        return reading.STREAMS[stream](self, cursor)

    def search(self, query: str, cursor: str, *, most: int) -> Page:
        """Recent posts that fit a query, from the cursor, reading (and paying) at most ``most`` of them.

        ``x.post`` entries speak to the account; ``x.found`` ones do not.
        """
        return searching.search(self, query, cursor, most=most)

    def look_up(self, external_ids: Iterable[str]) -> tuple[Entry, ...]:
        """Posts by id; what is deleted, protected or suspended is absent."""
        numbers = [one for one in dict.fromkeys(external_ids) if one.isascii() and one.isdigit()]
        found: list[Entry] = []
        for start in range(0, len(numbers), LOOK_UP_AT_ONCE):
            found += self._look_up(numbers[start : start + LOOK_UP_AT_ONCE])
        return tuple(found)

    def _look_up(self, numbers: list[str]) -> list[Entry]:
        body = self._posts(numbers)
        return self._entries(body, lambda post: reading.speaks_to(post, self.external_id))

    def look_again(self, external_ids: Iterable[str]) -> tuple[tuple[Entry, ...], tuple[str, ...]]:
        """Posts that spoke to the account, as they are now, and the ids of those that X says are not there any more.

        At most a hundred. An edited post is asked for by its first id and told in its newest words. What X merely
        does not show us (protected, blocked) is in neither.
        """
        body = self._posts(list(external_ids)[:LOOK_UP_AT_ONCE])
        newest = {history_of(post)[-1]: str(post["id"]) for post in body.get("data") or []}
        edited = [number for number, asked in newest.items() if number != asked]
        entries = [
            entry
            for entry in self._entries(body, lambda _post: True)
            if str(entry.payload["post"]["id"]) in newest
        ]
        if edited:
            entries += self._entries(self._posts(edited), lambda _post: True)
        gone = [
            str(one.get("value") or one.get("resource_id"))
            for one in body.get("errors") or []
            if str(one.get("type")).endswith("/resource-not-found")
        ]
        return tuple(entries), tuple(gone)

    def _posts(self, numbers: list[str]) -> dict[str, Any]:
        body = self.ask(lambda: self.api.get_tweets(numbers, **reading.POST_FIELDS))
        read = [post["id"] for post in body.get("data") or []]
        self.trace.spends.append(prices.reads("post_read", read))
        return body

    def _entries(self, body: dict[str, Any], is_addressed: Callable[[dict[str, Any]], bool]) -> list[Entry]:
        includes = body.get("includes") or {}
        people, files = people_of(includes.get("users")), files_of(includes.get("media"))
        entries = [
            post_entry(self.external_id, post, people, files, is_addressed=is_addressed(post))
            for post in body.get("data") or []
        ]
        return [entry for entry in entries if entry is not None]

    def upload(self, action: Outgoing) -> tuple[str, ...]:
        """Hand over the pictures of a post or a message; their ids are good for a day."""
        return uploading.upload(self, action)

    def send(self, action: Outgoing) -> Receipt:
        """Do it, once."""
        return sending.send(self, action)

    def find_sent(self, action: Outgoing) -> Receipt | None:
        """Read back an action whose answer was lost. Hiding cannot be read back, and is harmless twice."""
        finders = {
            ActionKind.REPLY: reading.find_post,
            ActionKind.DIRECT_MESSAGE: reading.find_message,
            ActionKind.FOLLOW: reading.find_follow,
        }
        finder = finders.get(action.kind)
        return finder(self, action) if finder else None

    def who(self, external_id: str) -> str:
        """X names people in every delivery: nothing to ask."""
        return ""

    def check(self) -> dict[str, Any]:
        """Who the token speaks for, and what X says it may do."""
        fields = "username,name,profile_image_url,verified_type,subscription_type"
        user = self.ask(lambda: self.api.get_me(user_fields=fields, user_auth=False)).get("data")
        if not user:
            raise NetworkError("auth", "no_user")
        premium = user.get("subscription_type") in {"Premium", "PremiumPlus"}
        return {
            "external_id": str(user["id"]),
            "name": user.get("name") or "",
            "handle": user.get("username") or "",
            "capabilities": {"long_posts": premium},
        }

    def fetch(self, url: str) -> tuple[bytes, str]:
        """A file of X; files of direct messages are on the API's host and want the account's token."""
        api = urlsplit(settings.X_API_URL)
        hosts = frozenset({api.netloc} if settings.SANDBOX_URL else FILE_HOSTS | {api.netloc})
        inside = urlsplit(url).netloc == api.netloc and urlsplit(url).path.startswith(f"{api.path}/2/")
        headers = {"Authorization": f"Bearer {self._token}"} if inside else {}
        return http.fetch(self.session, url, hosts, headers)

    def _note(self, response: requests.Response) -> None:
        """Keep what the headers say about the endpoint's limit."""
        headers = response.headers
        limit, left = headers.get("x-rate-limit-limit", ""), headers.get("x-rate-limit-remaining", "")
        reset = headers.get("x-rate-limit-reset", "")
        if reset.isdigit():
            name = endpoint_of(response.request.method or "", response.request.url or "")
            self.trace.limits[name] = Limit(
                endpoint=name,
                limit=int(limit) if limit.isdigit() else None,
                remaining=int(left) if left.isdigit() else None,
                reset_at=http.by_our_clock(int(reset), headers),
            )


def endpoint_of(method: str, url: str) -> str:
    """``GET /2/users/:id/mentions``: the name under which X counts a call."""
    path = urlsplit(url).path.removeprefix(urlsplit(settings.X_API_URL).path)
    return f"{method} {path[:2]}{_NUMBER.sub('/:id', path[2:])}"[:80]
