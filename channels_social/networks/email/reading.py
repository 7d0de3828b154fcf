"""Walking a mailbox by UID, in pages: nothing is skipped, nothing is marked, nothing is moved.

The cursor is ``validity:last uid``. When the server renumbers a folder (UIDVALIDITY) the last week is read
again: what was stored before is recognised by itself.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from channels_social.networks.base import Entry, NetworkError, Page
from channels_social.networks.email.entries import entry_of
from channels_social.networks.email.imap import Header, Mailbox, opened
from helpdesk import clock

if TYPE_CHECKING:
    from channels_social.networks.email.client import EmailClient

# A newly connected mailbox: what came this long ago still comes in. Renumbered: a week.
BACKFILL, RENUMBERED = timedelta(hours=24), timedelta(days=7)
# One page is stored before the next is read: so much of it is held in memory at most.
PAGE_MAILS, PAGE_BYTES = 50, 32 * 1024 * 1024
# A whole mail; of a larger one only its beginning is read.
LARGEST, BEGINNING = 25 * 1024 * 1024, 256 * 1024
# Numbers asked for at once: a folder may have a hundred thousand new ones, an answer has one line.
WINDOW = 20_000


def walk(client: EmailClient, stream: str, cursor: str) -> Page:
    """One page of a folder from its cursor. Raises :class:`NetworkError`."""
    with opened(client.imap) as mailbox:
        folder = "INBOX" if stream == "inbox" else client.sent_folder(mailbox)
        if not folder:
            return Page((), cursor)
        mailbox.select(folder)
        return _page(client, mailbox, stream, cursor)


def _page(client: EmailClient, mailbox: Mailbox, stream: str, cursor: str) -> Page:
    validity, last = _position(cursor)
    if validity != mailbox.validity:
        since = clock.now() - (RENUMBERED if cursor else BACKFILL)
        fresh, reached = _since(mailbox, since)
    else:
        fresh, reached = _after(mailbox, last)
    if not fresh:
        return Page((), f"{mailbox.validity}:{reached}")
    entries, read_to = _entries(client, mailbox, stream, fresh[:PAGE_MAILS])
    has_more = read_to < fresh[-1]
    read_to = read_to if has_more else max(read_to, reached)
    return Page(tuple(entries), f"{mailbox.validity}:{read_to}", has_more=has_more)


def _position(cursor: str) -> tuple[int, int]:
    validity, _sep, last = cursor.partition(":")
    return (int(validity), int(last)) if validity.isdecimal() and last.isdecimal() else (0, 0)


def _since(mailbox: Mailbox, since: datetime) -> tuple[list[int], int]:
    """What came since an instant; the search knows days only, so that the times are looked at too."""
    day = since.date() - timedelta(days=1)
    months = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()  # noqa: SIM905 - IMAP's, in no locale
    uids = mailbox.uids("SINCE", f"{day.day}-{months[day.month - 1]}-{day.year}")
    reached = max(mailbox.next_uid - 1, uids[-1] if uids else 0)
    fresh: list[int] = []
    for start in range(0, len(uids), 500):
        fresh += [one.uid for one in mailbox.headers(uids[start : start + 500]) if one.received_at >= since]
    return fresh, reached


def _after(mailbox: Mailbox, last: int) -> tuple[list[int], int]:
    """What has a higher number than the last, and how far the numbers have been looked at."""
    reached = last
    while True:
        low, high = reached + 1, reached + WINDOW
        end = mailbox.next_uid - 1
        # `n:*` names the last mail even when n is higher: a closed range does not.
        found = mailbox.uids("UID", f"{low}:{high}")
        found = [uid for uid in found if uid > last]
        if found:
            return found, max(found)
        if high >= end:
            return [], max(last, end) if end > 0 else last
        reached = high


def _entries(client: EmailClient, mailbox: Mailbox, stream: str, uids: list[int]) -> tuple[list[Entry], int]:
    """The entries of a page and the number it ends with; it ends early where there is much to hold."""
    entries: list[Entry] = []
    held, reached = 0, 0
    for header in mailbox.headers(uids) if uids else []:
        if entries and held + min(header.size, LARGEST) > PAGE_BYTES:
            return entries, reached
        content = _content(mailbox, header)
        reached = header.uid
        if content is None:
            continue  # deleted meanwhile
        held += len(content)
        is_whole = header.size <= LARGEST
        entries.append(
            entry_of(client.external_id, stream, mailbox.validity, header, content, is_whole=is_whole)
        )
    return entries, max([reached, *uids[-1:]])


def _content(mailbox: Mailbox, header: Header) -> bytes | None:
    first = 0 if header.size <= LARGEST else BEGINNING
    return mailbox.body(header.uid, first=first)


def fetch_whole(client: EmailClient, stream: str, validity: int, uid: int) -> bytes:
    """A mail's bytes once more, for its files. Raises :class:`NetworkError`: ``refused`` when it is gone."""
    with opened(client.imap) as mailbox:
        mailbox.select("INBOX" if stream == "inbox" else client.sent_folder(mailbox))
        if mailbox.validity != validity:
            raise NetworkError("refused", "gone", "renumbered")
        found = mailbox.headers([uid])
        if not found:
            raise NetworkError("refused", "gone")
        if found[0].size > LARGEST:
            raise NetworkError("refused", "too_large")
        content = mailbox.body(uid)
    if content is None:
        raise NetworkError("refused", "gone")
    return content
