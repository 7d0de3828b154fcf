"""What happens to a message after it was said: edited, deleted, hidden, delivered, read."""

from __future__ import annotations

from datetime import datetime

from channels_social.networks.base import Change, IncomingMessage
from helpdesk.text import excerpt
from tickets.intake.known import Known
from tickets.intake.plan import Arrival, Grave, Intake, Said, Version

# Hidden or shown: which of them holds is told by their times alone, so both are kept.
VISIBILITY = {"hide", "unhide"}


def apply(arrival: Arrival, change: Change, known: Known, intake: Intake) -> None:
    """Apply a change by its time, not by its arrival; of something unseen a tombstone is kept."""
    if change.what in {"read", "delivered"}:
        intake.receipts.append(change)
        return
    said = known.messages.get((arrival.network, change.external_id))
    if said is None or change.what in VISIBILITY:
        _bury(arrival, change, known, intake)
    if said is None:
        return
    if change.what == "edit":
        _edit(said, change.text, change, known, intake)
    elif change.what == "delete":
        _delete(said, change.occurred_at)
        _touch(said, known, intake)
    elif change.what in VISIBILITY:
        said.hidden_at = _hidden_since(known.graves[arrival.network, change.external_id])
        _touch(said, known, intake)


def _bury(arrival: Arrival, change: Change, known: Known, intake: Intake) -> None:
    """Keep the newest of its sort; of what was deleted no words are kept."""
    graves = known.graves.setdefault((arrival.network, change.external_id), [])
    is_deleted = change.what == "delete" or any(grave.change == "delete" for grave in graves)
    text = "" if is_deleted else change.text
    grave = Grave(arrival.network, change.external_id, change.what, change.occurred_at, text)
    if any(former.change == grave.change and former.at >= grave.at for former in graves):
        return
    graves[:] = [former for former in graves if former.change != grave.change] + [grave]
    intake.graves.append(grave)


def _hidden_since(graves: list[Grave]) -> datetime | None:
    at = {grave.change: grave.at for grave in graves if grave.change in VISIBILITY}
    hidden, shown = at.get("hide"), at.get("unhide")
    return hidden if hidden and not (shown and shown >= hidden) else None


def apply_version(item: IncomingMessage, said: Said, known: Known, intake: Intake) -> None:
    """The same message again: nothing, or a newer (or older) version of it."""
    at = item.edited_at or item.as_of or item.occurred_at
    for version_id in item.version_ids:
        if version_id != said.external_id:
            intake.versions.append(Version(said.id, said.network, version_id, item.text, at))
    if item.is_hidden and said.hidden_at is None:
        said.hidden_at = at
        _touch(said, known, intake)
    if item.text == said.text or said.deleted_at is not None:
        return
    if at > (said.edited_at or said.occurred_at):
        _keep_former(said, intake)
        said.text, said.edited_at = item.text, at
        _touch(said, known, intake)
    else:
        # An older text that came later.
        intake.versions.append(Version(said.id, said.network, said.external_id, item.text, at))


def bury_if_dead(arrival: Arrival, said: Said, known: Known, intake: Intake) -> None:
    """Deletions, hidings and edits that came before the message, in the order in which they happened."""
    graves = known.graves.get((arrival.network, said.external_id), [])
    for grave in sorted(graves, key=lambda grave: grave.at):
        if grave.at < said.occurred_at:
            continue
        if grave.change == "edit" and said.deleted_at is None:
            _keep_former(said, intake)
            said.text, said.edited_at = grave.text, grave.at
        elif grave.change == "delete":
            _delete(said, grave.at)
    if any(grave.change in VISIBILITY for grave in graves):
        said.hidden_at = _hidden_since(graves)


def _edit(said: Said, text: str, change: Change, known: Known, intake: Intake) -> None:
    if said.deleted_at is not None or text == said.text:
        return
    if change.occurred_at < (said.edited_at or said.occurred_at):
        return
    _keep_former(said, intake)
    said.text, said.edited_at = text, change.occurred_at
    _touch(said, known, intake)


def _keep_former(said: Said, intake: Intake) -> None:
    at = said.edited_at or said.occurred_at
    intake.versions.append(Version(said.id, said.network, said.external_id, said.text, at))


def _delete(said: Said, at: datetime) -> None:
    """The platforms' terms: what a customer deletes is redacted here; ids and times stay."""
    said.deleted_at, said.text = at, ""


def _touch(said: Said, known: Known, intake: Intake) -> None:
    """The message changed, and with it the last words its case shows."""
    said.is_changed = True
    if not said.is_new and said not in intake.messages:
        intake.messages.append(said)
    case = known.cases.get(said.ticket_id or 0)
    if case is None or case.last_at != said.occurred_at:
        return
    case.last_text, case.is_changed = excerpt(said.text, 160), True
    if not case.is_new and case not in intake.cases:
        intake.cases.append(case)
        case.version += 1
