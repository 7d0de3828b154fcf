"""How a person lends an account on each network: the only part of connecting that differs between them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from django.conf import settings

from channels_social.domain.leaving import digest_of_person
from channels_social.enums import Network
from channels_social.networks import registry
from channels_social.networks.base import NetworkError
from tickets.settings.domain.connecting import Found

# Named in X's prose and missing in its OpenAPI: without them mentions and messages still come at once.
HOPED_FOR = {"post.reply.create", "post.quote.create", "oauth.revoke"}


@dataclass(frozen=True, slots=True)
class Start:
    """Where to send the person, the state that comes back with them, and a verifier where there is one."""

    url: str
    state: str
    verifier: str = ""


class Lender(Protocol):
    """A network on which accounts are lent. ``ask`` and ``subscribe`` raise :class:`NetworkError`."""

    # Whether one yes can lend several accounts, among which the person chooses afterwards.
    offers_many: bool

    def is_configured(self) -> bool: ...

    def begin(self, redirect_uri: str) -> Start: ...

    def ask(self, code: str, verifier: str, redirect_uri: str) -> list[Found]: ...

    def subscribe(self, found: Found) -> None: ...


class XLender:
    """X: OAuth 2.0 with PKCE; one account per yes."""

    offers_many = False

    def is_configured(self) -> bool:
        return bool(settings.X_CLIENT_ID)

    def begin(self, redirect_uri: str) -> Start:
        from channels_social.networks.x import oauth

        start = oauth.begin(redirect_uri)
        return Start(start.url, start.state, start.verifier)

    def ask(self, code: str, verifier: str, redirect_uri: str) -> list[Found]:
        from channels_social.networks.x import oauth

        tokens = oauth.exchange(code=code, verifier=verifier, redirect_uri=redirect_uri)
        client = registry.get("x").client(external_id="", credentials=tokens.credentials(), capabilities={})
        who = client.check()
        granted = set(tokens.scopes.split())
        can = who["capabilities"] | {
            "reply": "tweet.write" in granted,
            "dm": {"dm.read", "dm.write"} <= granted,
            "hide": "tweet.moderate.write" in granted,
            "media": "media.write" in granted,
        }
        return [
            Found(
                external_id=who["external_id"],
                name=who["name"],
                handle=who["handle"],
                credentials=tokens.credentials(),
                expires_at=tokens.expires_at,
                capabilities=can,
            )
        ]

    def subscribe(self, found: Found) -> None:
        from channels_social.networks.x.client import XClient
        from channels_social.networks.x.subscribing import subscribe

        client = XClient(external_id=found.external_id, credentials=found.credentials, capabilities={})
        refused = set(subscribe(client)) - HOPED_FOR
        if refused:
            raise NetworkError("refused", "not_subscribed", ", ".join(sorted(refused)))


class FacebookLender:
    """Facebook Login: one yes lends every page the person marked."""

    offers_many = True

    def is_configured(self) -> bool:
        return bool(settings.FB_APP_ID)

    def begin(self, redirect_uri: str) -> Start:
        from channels_social.networks.facebook import oauth

        start = oauth.begin(redirect_uri)
        return Start(start.url, start.state)

    def ask(self, code: str, verifier: str, redirect_uri: str) -> list[Found]:
        from channels_social.networks.facebook import oauth

        try:
            pages = oauth.pages_for(code=code, redirect_uri=redirect_uri)
        except KeyError:
            raise NetworkError("later", "no_token") from None
        return [_page(one) for one in pages]

    def subscribe(self, found: Found) -> None:
        from channels_social.networks.facebook import oauth

        token = found.credentials["access_token"]
        oauth.subscribe(oauth.PageToken(found.external_id, found.name, token, ()))


def _page(page: Any) -> Found:
    """A page with what its person may do on it (Graph's ``tasks``; none told means all)."""
    tasks = set(page.tasks)
    can = {"dm": "MESSAGING" in tasks, "hide": "MODERATE" in tasks} if tasks else {}
    by = digest_of_person(Network.FACEBOOK, page.person)
    return Found(page.external_id, page.name, page.credentials(), capabilities=can, authorized_by=by)


LENDERS: dict[str, Lender] = {"x": XLender(), "facebook": FacebookLender()}
