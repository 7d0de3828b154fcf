"""An agent answers: the message, its outbox row and the audit line, in one transaction; nothing leaves here."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.db import connection

from channels_social.enums import AccountMode, ActionKind, ActionState, ConversationKind, Lane
from channels_social.models import OutboundAction
from channels_social.networks import registry
from channels_social.networks.x.length import split_thread
from helpdesk import audit, clock
from helpdesk.tenancy.insert import insert_together
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.permissions import Mode, Permission
from helpdesk.tenancy.planned import Script
from helpdesk.tenancy.select import Select
from helpdesk.text import clean, excerpt
from protocols.answers.rules.variables import gaps, unfilled
from tickets.cases.models import Conversation, Message, Ticket
from tickets.cases.signature import sign
from tickets.commitments.domain.promising import NotPromised, Promise
from tickets.enums import Direction, Priority
from tickets.guidance.rules.sealing import is_untouched, opened
from tickets.replies.domain import files as answer_files
from tickets.replies.domain import open_cases
from tickets.replies.domain.asking import AsksForData, check_asking, notice_for, record_notice
from tickets.replies.domain.files import Chosen, Claimed, NotTaken
from tickets.replies.domain.promises import check_promises, write_promises
from tickets.replies.domain.targets import Target, targets_of
from tickets.replies.letterhead import letterhead

_KNOWN = Select(OutboundAction, tail="WHERE t.organization_id = %s AND t.client_token = %s")

_SHOWN = (
    "UPDATE tickets_ticket SET last_text = %s, last_at = %s, channel = %s, version = %s "
    "WHERE organization_id = %s AND id = %s"
)


class Refused(Exception):
    """The answer cannot be queued; ``code`` has its sentence in ``replies.sentences``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


def reply(
    ticket: Ticket,
    *,
    by: Membership | None,
    text: str,
    mode: str,
    client_token: str,
    in_thread: bool = False,
    goes_on: bool = False,
    initials: str = "",
    is_template: bool = False,
    targets: dict[str, Target] | None = None,
    promises: Sequence[Promise] = (),
    began_with: str = "",
    lane: Lane | None = None,
    files: Sequence[Chosen] = (),
) -> list[Message]:
    """Queue an answer in ``mode`` (``public`` or ``private``), signed ``^XX``; the same token is the same answer.

    ``by`` is None when a key of the API answers: it signs with its own ``initials``.
    ``goes_on``: whoever answers knows of the person's other open cases and asks them to write again all the same.
    ``is_template``: the organization's own words, which nobody needs to approve once more.
    ``promises``: the dates it promises, written down beside it; a :class:`Refused` with ``promise:`` before the code
    of ``commitments.sentences`` says which cannot be.
    ``began_with``: the sealed word of the template it began with; left as it was, the message remembers that too.
    ``lane``: another one than its priority gives it: what goes to many at once leaves after what goes to one.
    ``files``: what ``by`` uploaded for it; theirs from now on. With the first part of a thread, or after the words.
    ``targets``: the ways this case can be answered, when they were asked for already. Inside ``tenant``, whose
    transaction is this verb's: a savepoint of its own would cost two statements and save nothing.
    Raises :class:`Refused` with a code when it may not be queued: nothing was changed then.
    """
    token = client_token.replace(":", "")[:48]
    existing = _already(ticket, token)
    if existing:
        return existing
    if ticket.joined_into_id is not None:
        raise Refused("joined")
    targets = targets_of(ticket, now=clock.now()) if targets is None else targets
    target = targets.get(mode)
    if target is None:
        raise Refused("no_target")
    initials = by.initials if by else initials
    text = clean(text).strip()
    begun = _begun_with(text, began_with, ticket)
    notice = "" if is_template else _notice(ticket, target, text, mode)
    parts = _parts(target, f"{text}\n\n{notice}" if notice else text, initials, in_thread)
    _check(target)
    _mind_open_cases(ticket, text, by, goes_on or is_template)
    try:
        check_promises(ticket, promises, mode=mode, targets=targets, by=by)
    except NotPromised as refused:
        raise Refused(f"promise:{refused.code}") from None
    taken = _take(ticket, target, files, by) if files else []
    shares = answer_files.shared_out(parts, taken, bool(taken) and answer_files.rules_for(target).apart)
    thread = thread_for(target, ticket)
    messages = [
        _queue(
            ticket,
            target,
            thread,
            by=by,
            text=part,
            token=token,
            place=place,
            total=len(shares),
            needs_approval=not is_template and _needs_approval(by, mode),
            begun=begun,
            lane=lane,
            # What leaves is not what was written: undone, it goes back as it was.
            written=text if place == 0 and (notice or len(parts) > 1) else "",
            files=share,
        )  # fmt: skip
        for place, (part, share) in enumerate(shares)
    ]
    # The last of the words: what follows them are files.
    said = messages[len(parts) - 1]
    write_promises(said, promises, by=by)
    if notice:
        record_notice(said, ticket.organization.country)
    last = Script()
    _show(last, ticket, said, thread)
    audit.record(
        ticket.organization_id,
        "reply.queued",
        actor_id=by.pk if by else None,
        ticket_id=ticket.pk,
        script=last,
        mode=mode,
        messages=[message.pk for message in messages],
    )
    with connection.cursor() as cursor:
        last.send(cursor)
    return messages


def _already(ticket: Ticket, token: str) -> list[Message]:
    if not _KNOWN.all(ticket.organization_id, token):
        return []
    return list(
        Message.objects.filter(
            organization_id=ticket.organization_id,
            ticket=ticket,
            action__client_token__in=[token, *(f"{token}:{n}" for n in range(1, 25))],
        )
    )


def _parts(target: Target, text: str, initials: str, in_thread: bool) -> list[str]:
    if not text:
        raise Refused("empty")
    signed = sign(text, initials)
    network = registry.get(target.account.network)
    limit, counted = network.limit_for(target.length_kind, target.account.capabilities)
    length = network.length(signed) if counted == "weighted" else len(signed.encode("utf-16-le")) // 2
    if length <= limit or not limit:
        return [signed]
    if in_thread and target.length_kind == ConversationKind.X_PUBLIC:
        return split_thread(text, limit=limit, signature=f"^{initials}")
    raise Refused("too_long", f"{length}/{limit}")


def _notice(ticket: Ticket, target: Target, text: str, mode: str) -> str:
    """The privacy notice that must go with this text; a text that may not be sent at all is refused."""
    if words := unfilled(text):
        raise Refused("unfilled", words)
    try:
        asks = check_asking(text, mode)
    except AsksForData as found:
        raise Refused(found.code, found.words) from None
    return notice_for(ticket, target) if asks else ""


def _begun_with(text: str, word: str, ticket: Ticket) -> tuple[int, bool] | None:
    """The template an answer began with, and whether it is said just as it was proposed."""
    found = opened(word, ticket.pk) if word else None
    if found and (left := gaps(text)):
        raise Refused("unfilled", left[0])
    return (found[0], is_untouched(text, found[1])) if found else None


def _take(ticket: Ticket, target: Target, files: Sequence[Chosen], by: Membership | None) -> list[Claimed]:
    try:
        return answer_files.claim(ticket, files, target, by=by)
    except NotTaken as not_taken:
        raise Refused(not_taken.code, not_taken.detail) from None


def _check(target: Target) -> None:
    if target.account.mode == AccountMode.READ_ONLY:
        raise Refused("read_only")
    if not target.window.is_open:
        raise Refused(target.window.code)


def _mind_open_cases(ticket: Ticket, text: str, by: Membership | None, goes_on: bool) -> None:
    """«Escríbanos por DM» does not go to somebody whose case is open elsewhere, unless whoever says it goes on."""
    cases = open_cases.stopping(ticket, text)
    if cases and not goes_on:
        raise Refused("other_case_open", ", ".join(case.shown_number for case in cases))
    if cases and by is not None:
        open_cases.go_on_apart(ticket, [case.id for case in cases], by=by)


def thread_for(target: Target, ticket: Ticket) -> Conversation:
    """The thread the answer will stand in; the first private message on X opens its own."""
    thread = target.conversation
    if thread.pk is None:
        return _begun(thread)
    if target.kind != ActionKind.DIRECT_MESSAGE or thread.thread_key == target.thread_key:
        return thread
    made, _ = Conversation.objects.get_or_create(
        organization_id=ticket.organization_id,
        network=thread.network,
        kind=ConversationKind.X_DM,
        thread_key=target.thread_key,
        defaults={
            "account_id": thread.account_id,
            "customer_id": thread.customer_id,
            "identity_id": thread.identity_id,
            "root_external_id": target.thread_key,
            "current_ticket": ticket,
        },
    )
    return made


def threads_for(wanted: Sequence[tuple[Target, Ticket]]) -> list[Conversation]:
    """The same for private words in many cases of one organization, those that begin made together."""
    fresh = {
        target.thread_key: (target.conversation, ticket)
        for target, ticket in wanted
        if target.kind == ActionKind.DIRECT_MESSAGE and target.conversation.thread_key != target.thread_key
    }
    if not fresh:
        return [thread_for(target, ticket) for target, ticket in wanted]
    Conversation.objects.bulk_create(
        [_private_thread(thread, key, ticket) for key, (thread, ticket) in fresh.items()],
        ignore_conflicts=True,
    )
    made = Conversation.objects.filter(
        organization_id=wanted[0][1].organization_id, kind=ConversationKind.X_DM, thread_key__in=fresh
    )
    by_key = {thread.thread_key: thread for thread in made}
    return [by_key.get(target.thread_key) or thread_for(target, ticket) for target, ticket in wanted]


def _private_thread(public: Conversation, key: str, ticket: Ticket) -> Conversation:
    return Conversation(
        organization_id=ticket.organization_id, network=public.network, kind=ConversationKind.X_DM,
        thread_key=key, account_id=public.account_id, customer_id=public.customer_id,
        identity_id=public.identity_id, root_external_id=key, current_ticket=ticket,
    )  # fmt: skip


def _begun(thread: Conversation) -> Conversation:
    """The thread of a first letter, made once."""
    made, _ = Conversation.objects.get_or_create(
        organization_id=thread.organization_id,
        network=thread.network,
        kind=thread.kind,
        thread_key=thread.thread_key,
        defaults={
            "account_id": thread.account_id,
            "customer_id": thread.customer_id,
            "identity_id": thread.identity_id,
            "current_ticket_id": thread.current_ticket_id,
        },
    )
    return made


def _queue(
    ticket: Ticket,
    target: Target,
    thread: Conversation,
    *,
    by: Membership | None,
    text: str,
    token: str,
    place: int,
    total: int,
    needs_approval: bool,
    begun: tuple[int, bool] | None,
    lane: Lane | None = None,
    written: str = "",
    files: Sequence[Claimed] = (),
) -> Message:
    now = clock.now()
    is_critical = ticket.priority == Priority.CRITICAL
    undo = 0 if is_critical else ticket.organization.undo_seconds
    action = OutboundAction(
        organization_id=ticket.organization_id,
        account=target.account,
        kind=target.kind,
        state=ActionState.AWAITING_APPROVAL if needs_approval else _first_state(target),
        lane=lane or (Lane.CRITICAL if is_critical else Lane.INDIVIDUAL),
        not_before=now + timedelta(seconds=undo),
        thread_key=target.thread_key,
        target_id=target.target_id,
        text=text,
        options=_options(target, place, total)
        | ({"written": written} if written else {})
        | ({"mail": letterhead(ticket, thread)} if thread.kind == ConversationKind.EMAIL else {})
        | ({"files": answer_files.named(files)} if files else {}),
        client_token=token if place == 0 else f"{token}:{place}",
        created_by=by,
        created_at=now,
    )
    message = Message(
        organization_id=ticket.organization_id,
        conversation=thread,
        ticket=ticket,
        network=thread.network,
        direction=Direction.OUT,
        is_public=target.mode == "public",
        text=text,
        occurred_at=now,
        author=by,
        needs_attention=False,
        send_state=action.state,
        template_id=begun[0] if begun else None,
        is_unedited=begun is not None and begun[1],
    )
    insert_together([message, action], {(0, "action_id"): 1, (1, "subject_id"): 0})
    message.action = action
    if files:
        answer_files.hang(message, files)
    return message


def _needs_approval(by: Membership | None, mode: str) -> bool:
    if by is None:
        return False
    permission = Permission.REPLY_PUBLIC if mode == "public" else Permission.REPLY_PRIVATE
    if not by.can(Permission.REPLY_UNAPPROVED) or by.mode(permission) == Mode.APPROVAL:
        return True
    return mode == "public" and by.needs_training and not by.is_trained(_today(by))


def _today(by: Membership) -> date:
    """The day of the organization: a training that ends today still holds."""
    return clock.now().astimezone(ZoneInfo(by.organization.timezone)).date()


def _first_state(target: Target) -> ActionState:
    """A dead token holds its account's answers; they leave when it lives again."""
    return ActionState.QUEUED if target.account.is_live else ActionState.HELD


def _options(target: Target, place: int, total: int) -> dict[str, object]:
    options: dict[str, object] = {}
    if total > 1:
        options |= {"part": place + 1, "parts": total}
    if target.window.needs_human_agent:
        options["human_agent"] = True
    return options


def _show(script: Script, ticket: Ticket, message: Message, thread: Conversation) -> None:
    ticket.last_text, ticket.last_at = excerpt(message.text, 160), message.occurred_at
    ticket.channel = thread.kind
    ticket.version += 1
    shown = [ticket.last_text, ticket.last_at, ticket.channel, ticket.version]
    script.add(_SHOWN, [*shown, ticket.organization_id, ticket.pk])


def new_token() -> str:
    """A token for one composer: pressing twice is answering once."""
    return uuid4().hex
