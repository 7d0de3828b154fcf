"""Messages of a case as their templates need them: read once, said in any language. Inside ``tenant``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from django.db import connection
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from channels_social.enums import ActionState, ConversationKind, Network
from helpdesk import clock
from helpdesk.tenancy.models import Membership, Organization
from helpdesk.tenancy.planned import ask
from helpdesk.ui.addresses import address
from helpdesk.ui.dates import hour_words
from helpdesk.ui.people import channel_label
from helpdesk.ui.text import text_with_links
from tickets.cases.models import Attachment, Conversation, Message
from tickets.cases.signature import parse_signature
from tickets.console.queries.letters import LetterItem, LetterRow, letter_of, letters_of
from tickets.console.queries.turns import Turn, turns_of
from tickets.console.queries.verdicts import SeenVerdict, verdict_of
from tickets.enums import Direction
from tickets.privacy.rules.masking import mask
from tickets.replies.domain.outbox import UNTOLD, may_repeat
from tickets.replies.sentences import sentence

LIMIT = 500
CANCELLABLE = {
    ActionState.AWAITING_APPROVAL,
    ActionState.QUEUED,
    ActionState.HELD,
    ActionState.RETRYING,
    ActionState.FAILED,
}


@dataclass(slots=True)
class Item:
    """One thing in the story (see ``console.message``)."""

    id: str
    kind: str
    at: datetime
    html: SafeString
    public: bool = True
    native: bool = False
    # Of an answer that was spoken, not sent: how.
    spoken: str = ""
    deleted: bool = False
    hidden: bool = False
    edited_at: datetime | None = None
    author_name: str = ""
    author_initials: str = ""
    channel_icon: str = ""
    channel_label: str = ""
    private: bool = False
    signature: str = ""
    # A template that left just as it was proposed.
    unedited: bool = False
    state: str = ""
    state_label: str = ""
    failure: str = ""
    version: int = 0
    media: list[dict[str, Any]] = field(default_factory=list)
    # Of a mail: subject, what was trimmed, and what to know of it (see ``letters.py``).
    letter: LetterItem | None = None
    actions: dict[str, str] = field(default_factory=dict)
    # Of an answer that waits for approval.
    turn: Turn | None = None
    # Of an answer that waits for its author's second thoughts: the seconds until it leaves.
    leaves_in: int = 0
    # Of one that was undone a moment ago, for who undid it: what they had written (see ``undone.js``).
    undone: str = ""
    # Personal data in it was hidden; who may see it says why.
    is_masked: bool = False
    # Of what a customer said: how it was judged, with their words.
    verdict: SeenVerdict = field(default_factory=SeenVerdict)


MESSAGES = """
SELECT m.id, m.direction, m.is_public, m.is_native, m.is_encrypted, m.text, m.occurred_at, m.edited_at,
       m.deleted_at, m.hidden_at, coalesce(o.state, m.send_state), v.kind, i.name,
       coalesce(a.display_name, 'API: ' || k.name), coalesce(a.initials, k.initials),
       o.failure_code, o.failure_detail, o.attempts, o.delivered_at, o.read_at, s.name, o.target_id, m.verdict,
       m.is_unedited, CASE WHEN o.state IN ('queued', 'retrying') THEN o.not_before END,
       EXISTS (SELECT FROM tickets_attachment f WHERE f.organization_id = m.organization_id AND f.message_id = m.id)
FROM tickets_message m
JOIN tickets_conversation v ON v.organization_id = m.organization_id AND v.id = m.conversation_id
JOIN tickets_identity i ON i.organization_id = v.organization_id AND i.id = v.identity_id
JOIN channels_social_socialaccount s ON s.organization_id = v.organization_id AND s.id = v.account_id
LEFT JOIN helpdesk_membership a ON a.organization_id = m.organization_id AND a.id = m.author_id
LEFT JOIN helpdesk_apitoken k ON k.organization_id = m.organization_id AND k.id = m.token_id
LEFT JOIN channels_social_outboundaction o ON o.organization_id = m.organization_id AND o.id = m.action_id
WHERE m.organization_id = %s AND {where} ORDER BY m.occurred_at DESC, m.id DESC LIMIT %s
"""
MEDIA = """
SELECT t.message_id, f.id, f.state, f.content_type, f.size, f.name, t.alt FROM tickets_attachment t
JOIN channels_social_media f ON f.organization_id = t.organization_id AND f.id = t.media_id
WHERE t.organization_id = %s AND t.message_id = ANY(%s) ORDER BY f.id
"""


@dataclass(frozen=True, slots=True)
class Read:
    """Messages as they were read, with their files and letters: the same for every language and every reader."""

    slug: str
    rows: list[tuple[Any, ...]]
    media: list[tuple[Any, ...]]
    letters: list[LetterRow]
    turns: dict[int, Turn] = field(default_factory=dict)

    def items(self, *, is_masked: bool = False) -> list[Item]:
        """Each as its template needs it, in the language that is active."""
        items = [_message(row, self.slug, is_masked) for row in self.rows]
        by_id = {int(item.id): item for item in items if not item.deleted}
        for message_id, *file in self.media:
            if message_id in by_id:
                by_id[message_id].media.append(_file(self.slug, *file))
        for message_id, *letter in self.letters:
            if message_id in by_id:
                by_id[message_id].letter = letter_of(*letter)
        for message_id, turn in self.turns.items():
            if message_id in by_id:
                by_id[message_id].turn = turn
        return items


def messages_by_id(organization: Organization, ids: Iterable[int], *, is_masked: bool = False) -> list[Item]:
    """These messages."""
    return read_messages(organization, ids).items(is_masked=is_masked)


def messages_where(
    organization: Organization, where: str, params: list[Any], *, is_masked: bool = False
) -> list[Item]:
    """The newest five hundred of those."""
    return _read(organization, where, params).items(is_masked=is_masked)


def read_messages(organization: Organization, ids: Iterable[int]) -> Read:
    """These messages, to be said in several ways."""
    return _read(organization, "m.id = ANY(%s)", [list(ids)])


def just_said(message: Message, thread: Conversation, by: Membership, account: str, slug: str) -> Item:
    """An answer of ours that was queued a moment ago: all there is to show of it is known, nothing is read."""
    row = (
        message.pk, message.direction, message.is_public, False, False, message.text, message.occurred_at, None,
        None, None, message.send_state, thread.kind, "", by.display_name, by.initials, "", "", 0, None, None,
        account, "", None, message.is_unedited, message.action.not_before if message.action else None,
    )  # fmt: skip
    item = _message(row, slug, False)
    item.turn = turns_of(message.organization_id, _waiting([row])).get(message.pk)
    return item


def with_files(items: Iterable[Item], organization: Organization) -> None:
    """Give what was said a moment ago the files it took along."""
    by_id = {int(item.id): item for item in items}
    with connection.cursor() as cursor:
        ask(cursor, MEDIA, [organization.pk, list(by_id)])
        for message_id, *file in cursor.fetchall():
            by_id[message_id].media.append(_file(organization.slug, *file))


def files_of_answers(organization: Organization, tokens: Iterable[str]) -> dict[str, list[dict[str, Any]]]:
    """The files of answers that have not left, by the token of their action."""
    rows = Attachment.objects.filter(
        organization=organization, message__action__client_token__in=list(tokens)
    ).select_related("media", "message__action")
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows.order_by("pk"):
        media, token = row.media, row.message.action.client_token
        found.setdefault(token, []).append(
            _file(
                organization.slug,
                media.pk,
                media.state,
                media.content_type,
                media.size,
                media.name,
                row.alt,
            )
        )
    return found


def _read(organization: Organization, where: str, params: list[Any]) -> Read:
    with connection.cursor() as cursor:
        ask(cursor, MESSAGES.format(where=where), [organization.pk, *params, LIMIT])
        found, media = cursor.fetchall(), []
        rows, with_files = [row[:-1] for row in found], [row[0] for row in found if row[-1]]
        if with_files:
            ask(cursor, MEDIA, [organization.pk, with_files])
            media = cursor.fetchall()
    mails = [row[0] for row in rows if row[11] == ConversationKind.EMAIL]
    letters = letters_of(organization, mails) if mails else []
    return Read(organization.slug, rows, media, letters, turns_of(organization.pk, _waiting(rows)))


def _waiting(rows: list[tuple[Any, ...]]) -> list[int]:
    return [row[0] for row in rows if row[10] == ActionState.AWAITING_APPROVAL]


def _message(row: tuple[Any, ...], slug: str, is_masked: bool) -> Item:
    (
        pk, direction, is_public, is_native, is_encrypted, text, at, edited_at, deleted_at, hidden_at, send_state,
        kind, person, author, initials, code, detail, attempts, delivered_at, read_at, account, target,
        verdict, is_unedited, next_at,
    ) = row  # fmt: skip
    again_at = next_at if send_state == ActionState.RETRYING else None
    ours, where = direction == Direction.OUT, _where(ConversationKind(kind), is_public)
    body, signed = parse_signature(text) if ours else (text, None)
    # What we wrote ourselves is ours to read.
    shown = mask(body) if is_masked and not ours else body
    return Item(
        id=str(pk),
        kind="out" if ours else "in",
        at=deleted_at or at,
        html=_encrypted() if is_encrypted else text_with_links(shown),
        is_masked=shown is not body,
        public=is_public,
        private=not is_public,
        native=is_native and ours,
        unedited=is_unedited,
        spoken=_spoken(kind) if is_native and ours else "",
        deleted=deleted_at is not None,
        hidden=hidden_at is not None,
        edited_at=edited_at,
        author_name=(author or account) if ours else person,
        author_initials=initials or "",
        channel_icon=where,
        channel_label=channel_label(where),
        signature=signed or "",
        verdict=SeenVerdict() if ours or deleted_at else verdict_of(verdict, is_masked=is_masked),
        state=_seen(send_state, delivered_at, read_at) if send_state else "",
        state_label=_state_label(send_state, delivered_at, read_at, again_at),
        leaves_in=_seconds_until(next_at) if send_state == ActionState.QUEUED else 0,
        failure=_failure(send_state, code or "", detail or ""),
        version=_version(send_state, attempts, delivered_at, read_at),
        actions=_actions(slug, pk, send_state, may_repeat(code or "", at))
        | _in_x(slug, pk, send_state, code, target)
        | _hiding(slug, pk, is_public and not ours and deleted_at is None)
        | ({"unmask_url": address("message_unmask", slug, pk)} if shown is not body else {}),
    )


def _where(kind: ConversationKind, is_public: bool) -> ConversationKind:
    """Where it is read: a private answer that hangs in a public thread goes to the network's private side."""
    if is_public or not kind.is_public:
        return kind
    return ConversationKind.X_DM if kind.network == Network.X else ConversationKind.MESSENGER


def _spoken(kind: str) -> str:
    match kind:
        case ConversationKind.PHONE:
            return _("Contestado por teléfono")
        case ConversationKind.OFFICE:
            return _("Contestado en la oficina")
        case ConversationKind.EMAIL_NOTED:
            return _("Contestado por correo")
        case ConversationKind.WEB:
            return _("Contestado en la página del caso")
    return ""


def _encrypted() -> SafeString:
    return SafeString(escape(_("Conversación cifrada: se lee y se responde en X.")))


# Within one attempt: it leaves, nobody knows or it failed, it waits again (tried once more by hand too), it is over.
_WAITS = 6
_STEPS = {
    ActionState.SENDING: 1, ActionState.UNKNOWN: 4, ActionState.FAILED: 5, ActionState.CANCELLED: 7,
    ActionState.SENT: 7,
}  # fmt: skip


def _version(
    state: str, attempts: int | None, delivered_at: datetime | None, read_at: datetime | None
) -> int:
    """Grows with what happens to an answer, so that a page keeps the newest of two that crossed on the way."""
    step = _STEPS.get(ActionState(state), _WAITS) if state else 0
    return (attempts or 0) * 10 + step + bool(delivered_at) + bool(read_at)


def _seen(state: str, delivered_at: datetime | None, read_at: datetime | None) -> str:
    return "seen" if state == ActionState.SENT and read_at else state


def _state_label(
    state: str, delivered_at: datetime | None, read_at: datetime | None, again_at: datetime | None
) -> str:
    if not state:
        return ""
    if again_at is not None:
        return _("Se reintenta a las %(hour)s") % {"hour": hour_words(again_at)}
    if state == ActionState.SENT and read_at:
        return _("Leída")
    if state == ActionState.SENT and delivered_at:
        return _("Entregada")
    return str(ActionState(state).label)


def _seconds_until(at: datetime | None) -> int:
    return max(0, ceil((at - clock.now()).total_seconds())) if at else 0


def _failure(state: str, code: str, detail: str) -> str:
    """Why it did not leave, or not yet. Of what is unknown only what somebody must do: an attempt's error proves
    nothing."""
    told = {ActionState.UNKNOWN: code in UNTOLD, ActionState.RETRYING: code == "rate_limited"}
    return sentence(code, detail) if code and told.get(state, state == ActionState.FAILED) else ""


def _actions(slug: str, pk: int, state: str, again: bool) -> dict[str, str]:
    def url(what: str) -> str:
        return address("message_change", slug, pk, what)

    actions = {}
    if state in CANCELLABLE:
        actions["cancel_url"] = url("cancel")
    if state == ActionState.FAILED:
        actions["retry_url"] = url("retry")
    if state == ActionState.AWAITING_APPROVAL:
        actions["approve_url"] = url("approve")
    if state == ActionState.UNKNOWN:
        actions["settle_sent_url"] = url("settle_sent")
    if state == ActionState.UNKNOWN and again:
        actions["settle_again_url"] = url("settle_again")
    return actions


def _in_x(slug: str, pk: int, state: str, code: str | None, target: str | None) -> dict[str, str]:
    """Where X refused because nobody mentioned us, the answer is given in X and its link pasted back."""
    if state != ActionState.FAILED or code != "not_mentioned" or not target:
        return {}
    return {
        "native_url": address("message_answer", slug, pk),
        "post_url": f"https://x.com/i/status/{target}",
    }


def _hiding(slug: str, pk: int, is_possible: bool) -> dict[str, str]:
    """Customers' public words may be hidden, never deleted; the page shows it to who holds the permission."""
    return {"hide_url": address("hide", slug, pk)} if is_possible else {}


def _file(
    slug: str, pk: int, state: str, content_type: str, size: int | None, name: str, alt: str
) -> dict[str, Any]:
    return {
        "url": address("media", slug, pk) if state == "stored" else "",
        "name": name or _("archivo"),
        "alt": alt or name or _("archivo"),
        "size_label": f"{(size or 0) / 1024:.0f} kB" if size else "",
        "is_image": content_type.startswith("image/"),
        "state": state,
    }
