"""Files of an answer: kept when they are chosen, claimed in the answer's transaction, forgotten if it is never sent.

Inside ``tenant``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from channels_social.domain.keeping import forget_file, keep_file
from channels_social.models import Media, OutboundAction
from channels_social.networks import registry
from channels_social.networks.base import FileRules
from helpdesk import clock
from helpdesk.site.files import BadFile, clean_file
from helpdesk.tenancy.models import Membership
from tickets.cases.models import Attachment, Message, Ticket
from tickets.replies.domain.targets import Target
from tickets.replies.models import Upload

KEPT = timedelta(days=1)
# Of one colleague for one case; nobody sends so many, and what is not sent goes in a day.
MOST_WAITING = 20
SWEPT_AT_ONCE = 200
# Other words than a network's for the same thing.
REFUSED = {"too_large": "file_pixels"}


class NotTaken(Exception):
    """A file cannot be kept, or cannot leave this way; ``code`` has its sentence in ``replies.sentences``."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.detail = code, detail


@dataclass(frozen=True, slots=True)
class Chosen:
    """A file that was uploaded for an answer, and what it shows, for who cannot see it."""

    upload_id: int
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A file that belongs to the answer from here on."""

    media_id: int
    alt: str


def keep_upload(ticket: Ticket, body: bytes, *, name: str, by: Membership) -> Upload:
    """Keep a file for an answer that is being written: what draws it and nothing else. Raises :class:`NotTaken`.

    ``file_`` and a code of ``helpdesk.site.files``, or ``file_waiting`` when too many wait already.
    """
    mine = Upload.objects.filter(organization_id=ticket.organization_id, ticket=ticket, by=by)
    if mine.count() >= MOST_WAITING:
        raise NotTaken("file_waiting")
    try:
        file = clean_file(body)
    except BadFile as bad:
        raise NotTaken(REFUSED.get(bad.code, f"file_{bad.code}"), name) from None
    media = keep_file(
        ticket.account,
        file.body,
        content_type=file.content_type,
        ending=file.ending,
        key=f"upload:{uuid4().hex}",
        name=_named(name, file.ending),
    )
    return Upload.objects.create(organization_id=ticket.organization_id, ticket=ticket, by=by, media=media)


def _named(name: str, ending: str) -> str:
    """As its owner calls it, ending as what it is: who receives it opens it by its ending."""
    stem = name.replace("\\", "/").rpartition("/")[2].rpartition(".")[0] or name or "archivo"
    clean = "".join(letter for letter in stem if letter.isprintable() and letter not in '<>:"/\\|?*')
    return f"{clean.strip()[:100] or 'archivo'}.{ending}"


def drop_upload(upload: Upload) -> None:
    """Its author took it out again. What an answer that was undone shows of it stays."""
    upload.delete()
    if not Attachment.objects.filter(organization_id=upload.organization_id, media=upload.media).exists():
        forget_file(upload.media)


def waiting(ticket: Ticket, by: Membership) -> list[Upload]:
    """The files a colleague chose for this case and has not sent, in the order they came."""
    mine = Upload.objects.filter(organization_id=ticket.organization_id, ticket=ticket, by=by)
    return list(mine.select_related("media").order_by("id"))


def rules_for(target: Target) -> FileRules:
    """What files may leave this way."""
    network = registry.get(target.account.network)
    return network.files_for(target.kind, target.length_kind, target.account.capabilities)


def claim(
    ticket: Ticket, chosen: Sequence[Chosen], target: Target, *, by: Membership | None
) -> list[Claimed]:
    """Take files for an answer, in this transaction; each belongs to one answer only. Raises :class:`NotTaken`."""
    rows = {
        row.pk: row
        for row in Upload.objects.select_for_update(of=("self",))
        .filter(organization_id=ticket.organization_id, ticket=ticket, by=by)
        .filter(pk__in=[one.upload_id for one in chosen])
        .select_related("media")
    }
    if any(one.upload_id not in rows for one in chosen):
        raise NotTaken("file_lost")
    check([rows[one.upload_id].media for one in chosen], rules_for(target))
    Upload.objects.filter(organization_id=ticket.organization_id, pk__in=rows).delete()
    return [Claimed(rows[one.upload_id].media_id, one.alt.strip()[:1000]) for one in chosen]


def check(files: Sequence[Media], rules: FileRules) -> None:
    """Whether these may leave together under these rules. Raises :class:`NotTaken`."""
    if not rules.most:
        raise NotTaken(rules.why or "file_nowhere")
    for file in files:
        if file.content_type not in rules.types:
            raise NotTaken("file_not_here", file.name)
        if (file.size or 0) > rules.most_bytes:
            raise NotTaken("file_heavy_here", file.name)
    if len(files) > rules.most:
        raise NotTaken("file_too_many", str(rules.most))
    if sum(file.size or 0 for file in files) > rules.most_in_all:
        raise NotTaken("file_heavy_together")


def shared_out(
    texts: Sequence[str], files: Sequence[Claimed], apart: bool
) -> list[tuple[str, list[Claimed]]]:
    """The messages of an answer: files go with the first words, or each by itself after the last."""
    if apart:
        return [(text, []) for text in texts] + [("", [file]) for file in files]
    return [(text, list(files) if place == 0 else []) for place, text in enumerate(texts)]


def named(files: Sequence[Claimed]) -> list[dict[str, object]]:
    """As an action's options name them (``channels_social.domain.parcels``)."""
    return [{"media": file.media_id, "alt": file.alt} for file in files]


def hang(message: Message, files: Sequence[Claimed]) -> None:
    """They are the message's from now on: seen with it, by who sees it."""
    Attachment.objects.bulk_create(
        [
            Attachment(
                organization_id=message.organization_id, message=message, media_id=file.media_id, alt=file.alt
            )
            for file in files
        ]
    )


def wait_again(action: OutboundAction, ticket_id: int | None) -> None:
    """The files of an answer its author took back wait for the next one, as long as any do."""
    files = action.options.get("files") or []
    if not files or ticket_id is None:
        return
    Upload.objects.bulk_create(
        [
            Upload(
                organization_id=action.organization_id,
                ticket_id=ticket_id,
                by_id=action.created_by_id,
                media_id=one["media"],
                alt=one["alt"],
            )
            for one in files
        ],
        ignore_conflicts=True,
    )


def forget_uploads(organization_id: int) -> int:
    """Forget what nobody sent in a day; how many. Twice is once, and what is being claimed is left alone."""
    old = Upload.objects.filter(organization_id=organization_id, at__lt=clock.now() - KEPT)
    rows = old.select_for_update(of=("self",), skip_locked=True).select_related("media").order_by("id")
    stale = list(rows[:SWEPT_AT_ONCE])
    for upload in stale:
        drop_upload(upload)
    return len(stale)
