"""One way out to every network: base URL, time-outs, a deadline for the whole, no secrets in errors."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, MaxRetryError, NewConnectionError

from channels_social.networks.base import NetworkError
from helpdesk import clock

# A request's time-out is per read; a server that trickles must not hold a worker longer than this.
DEADLINE_S = 60.0
MAX_ANSWER = 16 * 1024 * 1024
MAX_FILE = 15 * 1024 * 1024
CHUNK = 64 * 1024

# Connections are kept between tasks and threads; a session is made anew for every client.
_ADAPTER = HTTPAdapter(pool_connections=8, pool_maxsize=32, max_retries=0)
_SECRET = re.compile(
    r"((?:access_token|appsecret_proof|client_secret|refresh_token|code|input_token|code_verifier)=|Bearer\s+|Basic\s+)"
    r"[^\s&\"']+",
    re.IGNORECASE,
)


class TooSlow(requests.Timeout):
    """The whole request took longer than its deadline."""


class TooLarge(requests.RequestException):
    """The answer is larger than what we are willing to hold."""


class Session(requests.Session):
    """A ``requests`` session that speaks to one network.

    ``instead_of`` is the address a library has built in; it is replaced by ``base``. ``seen`` is told
    about every answer, whatever its status.
    """

    def __init__(
        self, *, base: str = "", instead_of: str = "", seen: Callable[[requests.Response], None] | None = None
    ) -> None:
        super().__init__()
        self.base, self.instead_of, self.seen = base, instead_of, seen
        # A ~/.netrc of the machine must not replace our Authorization header.
        self.auth = _as_it_is
        self.mount("https://", _ADAPTER)
        self.mount("http://", _ADAPTER)

    def request(self, method: Any, url: Any, *args: Any, **kwargs: Any) -> requests.Response:
        """As in ``requests``; redirects are not followed, since the bearer token would travel with them."""
        if self.instead_of and url.startswith(self.instead_of):
            url = self.base + url[len(self.instead_of) :]
        kwargs["timeout"] = kwargs.get("timeout") or settings.NETWORK_TIMEOUT
        kwargs["allow_redirects"] = False
        kwargs["stream"] = True
        if kwargs.get("auth") is None:
            kwargs["auth"] = _as_it_is
        limit = kwargs.pop("limit", MAX_ANSWER)
        until = time.monotonic() + DEADLINE_S
        response = super().request(method, url, *args, **kwargs)
        if self.seen is not None:
            self.seen(response)
        response._content = _read(response, until, limit)
        response._content_consumed = True
        return response


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _read(response: requests.Response, until: float, limit: int) -> bytes:
    """The whole body. One ``recv`` at a time: requests' own reading waits for whole chunks, however slow."""
    pieces: list[bytes] = []
    size = 0
    try:
        while piece := response.raw.read1(CHUNK, decode_content=True):
            size += len(piece)
            if size > limit:
                raise TooLarge(f"more than {limit} bytes")
            if time.monotonic() > until:
                raise TooSlow("the whole answer took too long")
            pieces.append(piece)
    except HTTPError as error:
        response.close()
        raise requests.ConnectionError(type(error).__name__) from None
    except requests.RequestException:
        response.close()
        raise
    response.raw.release_conn()
    return b"".join(pieces)


def scrub(text: str) -> str:
    """The text without tokens: requests puts whole URLs into its messages."""
    return _SECRET.sub(r"\1•••", text)


def unreachable(error: requests.RequestException, *, writes: bool) -> NetworkError:
    """The verdict on a call that brought no answer.

    Before a byte has left nothing can have happened: ``later``. After that a write is ``unknown``.
    """
    name = type(error).__name__
    if not writes or never_left(error):
        return NetworkError("later", "unreachable", name)
    return NetworkError("unknown", "no_answer", name)


def never_left(error: requests.RequestException) -> bool:
    """Whether no byte of the request has reached the network: no connection was made."""
    if isinstance(error, requests.ConnectTimeout):
        return True
    reason: Any = error.args[0] if error.args else None
    if isinstance(reason, MaxRetryError):
        reason = reason.reason
    return isinstance(reason, NewConnectionError | ConnectTimeoutError)


def retry_after(headers: Any) -> datetime | None:
    """The instant of a ``Retry-After`` header, seconds or date; None when absent or nonsense."""
    value = headers.get("retry-after", "").strip()
    if value.isdigit():
        return clock.now() + timedelta(seconds=min(int(value), 86_400))
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, TypeError):
        return None


def by_our_clock(epoch_s: int, headers: Any) -> datetime:
    """An instant the network names by its own clock, corrected by its ``Date`` header (channels F27)."""
    moment = datetime.fromtimestamp(epoch_s, UTC)
    try:
        return moment + (clock.now() - parsedate_to_datetime(headers["date"]).astimezone(UTC))
    except (KeyError, ValueError, TypeError):
        return moment


def fetch(session: Session, url: str, hosts: frozenset[str], headers: dict[str, str]) -> tuple[bytes, str]:
    """The bytes and declared type of a file, from one of these hosts (``host:port``, ``.domain``) only.

    Raises :class:`NetworkError`: ``refused`` for a host we do not know, what is gone and what is too large.
    """
    parts = urlsplit(url)
    wants_tls = parts.netloc not in _plain_hosts()
    if (
        not parts.netloc
        or not _is_listed(parts.netloc, hosts)
        or parts.scheme != ("https" if wants_tls else parts.scheme)
    ):
        raise NetworkError("refused", "unknown_host", parts.netloc[:80])
    try:
        response = session.request("GET", url, headers=headers, limit=MAX_FILE)
    except TooLarge:
        raise NetworkError("refused", "too_large") from None
    except requests.RequestException as error:
        raise unreachable(error, writes=False) from None
    if response.status_code == 200:
        return response.content, response.headers.get("content-type", "")
    if response.status_code in {401, 429} or response.status_code >= 500:
        raise NetworkError("later", f"http_{response.status_code}", retry_at=retry_after(response.headers))
    raise NetworkError("refused", "gone", f"http_{response.status_code}")


def _is_listed(netloc: str, hosts: frozenset[str]) -> bool:
    return netloc in hosts or any(host.startswith(".") and netloc.endswith(host) for host in hosts)


def _plain_hosts() -> frozenset[str]:
    """Hosts that may be spoken to without TLS: the sandbox's, and only while it is on."""
    urls = (settings.SANDBOX_URL, settings.X_API_URL, settings.GRAPH_API_URL)
    return frozenset(urlsplit(url).netloc for url in urls if url.startswith("http://"))
