"""What every network gives and takes. The desk sees networks only through these words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from channels_social.enums import ActionKind, ConversationKind


@dataclass(frozen=True, slots=True)
class Author:
    """Who said it. ``external_id`` is empty where the network hides it (Facebook comments)."""

    external_id: str
    scope: str
    name: str = ""
    handle: str = ""
    avatar_url: str = ""
    accepts_dm: bool | None = None


def thread_under(root: str, person: str) -> str:
    """The key of a public thread: what one person says under one root."""
    return f"{root}:{person}"


@dataclass(frozen=True, slots=True)
class MediaRef:
    """A file the network holds: ``key`` is stable, ``url`` may expire."""

    key: str
    url: str
    kind: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letter:
    """What an e-mail has and no other message: how it names itself and others, and what was trimmed of it."""

    message_id: str
    subject: str = ""
    # The message ids it answers, nearest first.
    references: tuple[str, ...] = ()
    # What stands below the new words: the quoted tail and the signature, kept to be looked at.
    rest: str = ""
    to: tuple[str, ...] = ()
    reply_to: str = ""
    # Why nobody is owed an answer: ``auto_reply``, ``bounce``, ``list``, ``own``, ``flood``; empty for a person's.
    auto: str = ""
    # The server that received it says the sender is not who it says.
    is_forged: bool = False
    # What could not be read of it: ``too_large``.
    notice: str = ""


@dataclass(frozen=True, slots=True)
class IncomingMessage:
    """Something said on a network, by a customer or by ourselves (``is_ours``: echoes and native answers).

    ``thread_key`` names one thread of one person within ``kind``; empty while ``missing_root`` names the
    external id whose thread must be known first. ``person`` is the customer's side of a thread that is ours.
    """

    kind: ConversationKind
    external_id: str
    thread_key: str
    author: Author
    text: str
    occurred_at: datetime
    is_ours: bool = False
    # Whose thread it is, when we are the author: the person we talk to.
    person: Author | None = None
    parent_external_id: str = ""
    root_external_id: str = ""
    missing_root: str = ""
    # Other ids of the same message (X edits), oldest first, `external_id` being the first of them.
    version_ids: tuple[str, ...] = ()
    media: tuple[MediaRef, ...] = ()
    # Our own token, echoed by networks that carry metadata (Messenger).
    client_token: str = ""
    is_encrypted: bool = False
    is_hidden: bool = False
    edited_at: datetime | None = None
    # When the network showed this text, where it tells no time of editing (a comment that was polled): a
    # text that differs and is newer than what is stored is an edit.
    as_of: datetime | None = None
    # False for what only passes by (a post of ours that answers nobody): stored as context, opens nothing.
    is_for_desk: bool = True
    # Shown, and nothing more: reopens nothing and is owed no answer (a machine's answer, one of a flood).
    is_quiet: bool = False
    letter: Letter | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a message: ``edit``, ``delete``, ``hide``, ``unhide``, ``read``,
    ``delivered``.

    For ``read`` and ``delivered`` by watermark, ``external_id`` is empty and ``thread_key`` is set: all
    of ours in that thread up to ``occurred_at``.
    """

    what: str
    external_id: str
    occurred_at: datetime
    kind: ConversationKind | None = None
    thread_key: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class AccountSignal:
    """Something about the account itself: ``revoked`` (the token died), ``blocked``, ``renamed``."""

    what: str
    detail: str = ""


Parsed = Sequence[IncomingMessage | Change | AccountSignal]


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a delivery or of a page that was polled: raw, addressed and named, secrets cut."""

    account_external_id: str
    kind: str
    external_id: str
    digest: str
    payload: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Limit:
    """What one answer said about a limit. ``remaining`` None: not told."""

    endpoint: str
    limit: int | None
    remaining: int | None
    reset_at: datetime | None


@dataclass(frozen=True, slots=True)
class Spend:
    """Credits one call costs, in all: ``count`` times ``kind`` of the network's price list.

    ``resources`` names what was read, when reading it again on the same UTC day is free.
    """

    kind: str
    count: int
    micros: int
    resources: tuple[str, ...] = ()


@dataclass(slots=True)
class Trace:
    """What a client learned on the way, whatever the outcome: written to the account's rows by the caller."""

    limits: dict[str, Limit] = field(default_factory=dict)
    spends: list[Spend] = field(default_factory=list)
    # What the account turned out to be able to do; joins its capabilities.
    learned: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page:
    """What a poll brought: all pages walked, oldest first, and the cursor to store after the rows."""

    entries: tuple[Entry, ...]
    cursor: str
    # True when older rows exist that can no longer be reached.
    has_gap: bool = False
    # True when the walk stopped to have these stored first: the rest is asked for at once.
    has_more: bool = False


@dataclass(frozen=True, slots=True)
class Receipt:
    """Proof that an action happened: the network's id (empty for follow and hide)."""

    external_id: str = ""
    # Messenger tells whom a private reply reached: ties the comment's author to a page-scoped id.
    recipient_id: str = ""


class NetworkError(Exception):
    """A call that did not do what was asked.

    ``verdict`` is the only question the outbox asks:
    ``later`` (limit or transient on a read: try at ``retry_at``), ``refused`` (no for good: ``code`` has
    its sentence), ``auth`` (the token died), ``account`` (the account may not write now: credits,
    abuse block), ``unknown`` (the bytes left and no answer came), ``sent`` (the refusal proves it was sent),
    ``person`` (read back and not there, which proves nothing on this network: somebody must look).
    """

    def __init__(self, verdict: str, code: str, detail: str = "", retry_at: datetime | None = None) -> None:
        super().__init__(f"{verdict}: {code}")
        self.verdict, self.code, self.detail, self.retry_at = verdict, code, detail, retry_at


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    """A file that leaves with an action: typed by its content; ``alt`` says what it shows to who cannot see it."""

    name: str
    content_type: str
    body: bytes = field(repr=False)
    alt: str = ""

    @property
    def is_image(self) -> bool:
        return self.content_type.startswith("image/")


@dataclass(frozen=True, slots=True)
class FileRules:
    """What files an answer may take along: how many (0: none), of which types, how many bytes each and in all.

    ``apart``: each leaves as a message of its own, after the words. ``why``: the code of what
    stands against any, where it is not the way itself.
    """

    most: int = 0
    types: tuple[str, ...] = ()
    most_bytes: int = 0
    most_in_all: int = 0
    apart: bool = False
    why: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """An action as the network needs it. ``started_at`` helps to recognise it when reading back.

    ``uploaded`` is what :meth:`Client.upload` gave for its ``files``, in their order.
    """

    kind: ActionKind
    target_id: str
    text: str
    client_token: str
    options: dict[str, Any]
    thread_key: str
    started_at: datetime | None = None
    files: tuple[OutgoingFile, ...] = ()
    uploaded: tuple[str, ...] = ()


class Client(Protocol):
    """A network spoken as one account, for one task: never shared between threads."""

    trace: Trace

    def poll(self, stream: str, cursor: str) -> Page:
        """Walk one stream from its cursor. Raises :class:`NetworkError`."""

    def look_up(self, external_ids: Iterable[str]) -> tuple[Entry, ...]:
        """Fetch posts or comments by id, for missing roots; what is gone is simply absent."""

    def upload(self, action: Outgoing) -> tuple[str, ...]:
        """Hand over the action's files before it is done, where the network wants that: shown to nobody, and as
        often as needed. Raises :class:`NetworkError`."""

    def send(self, action: Outgoing) -> Receipt:
        """Do it, once. Raises :class:`NetworkError`."""

    def find_sent(self, action: Outgoing) -> Receipt | None:
        """Read the network back for an action whose answer was lost; None when it is not there."""

    def who(self, external_id: str) -> str:
        """The name of a person whose messages come without it; empty when the network does not tell."""

    def check(self) -> dict[str, Any]:
        """Who we are: ``{"external_id", "name", "handle", "capabilities"}``. Raises :class:`NetworkError`."""

    def fetch(self, url: str) -> tuple[bytes, str]:
        """The bytes and declared type of a file of this network (allow-listed hosts only, ≤ 15 MB)."""


class Network(Protocol):
    """One folder of ``networks`` and one line of the registry."""

    name: str
    streams: tuple[str, ...]
    default_capabilities: dict[str, Any]
    # What the network charges for pushing an entry: kind of entry → (kind of spend, millionths of a dollar).
    push_prices: dict[str, tuple[str, int]]

    def client(
        self, *, external_id: str, credentials: dict[str, Any], capabilities: dict[str, Any]
    ) -> Client: ...

    def refresh(self, credentials: dict[str, Any]) -> tuple[dict[str, Any], datetime | None]:
        """New credentials for old ones that hold a refresh token, and when they end. Raises NetworkError."""

    def verify(self, body: bytes, headers: dict[str, str]) -> bool:
        """Whether the raw bytes are signed by the network."""

    def challenge(self, query: dict[str, str]) -> tuple[str, str] | None:
        """Answer to the network's verification GET as (body, content type); None to refuse."""

    def split(self, body: dict[str, Any]) -> list[Entry]:
        """A delivery as one entry per thing that happened, secrets cut."""

    def parse(self, kind: str, payload: dict[str, Any], account_external_id: str) -> Parsed:
        """A stored entry as words of the desk. Pure; raises ``ValueError`` for a poison entry."""

    def limit_for(self, kind: ConversationKind, capabilities: dict[str, Any]) -> tuple[int, str]:
        """The longest text (0: no limit) and how it is counted: ``weighted`` or ``utf16``."""

    def length(self, text: str) -> int: ...

    def files_for(self, kind: ActionKind, place: ConversationKind, capabilities: dict[str, Any]) -> FileRules:
        """What files an action of this kind may take along into this kind of thread."""
