"""What happens to a message after it was said: edited, deleted, hidden, delivered, read."""

from __future__ import annotations

from datetime import datetime

from channels_social.networks.base import Change, IncomingMessage
from tickets.intake.known import Known
from tickets.intake.plan import Arrival, Grave, Intake, Said, Version


def apply(arrival: Arrival, change: Change, known: Known, intake: Intake) -> None:
    """Apply a change by its time, not by its arrival; of something unseen a tombstone is kept."""
    if change.what in {"read", "delivered"}:
        intake.receipts.append(change)
        return
    said = known.messages.get((arrival.network, change.external_id))
    if said is None:
        grave = Grave(arrival.network, change.external_id, change.what, change.occurred_at, change.text)
        intake.graves.append(grave)
        known.graves.setdefault((arrival.network, change.external_id), []).append(grave)
        return
    if change.what == "edit":
        _edit(said, change.text, change, intake)
    else:
        _mark(said, change.what, change.occurred_at)
        _touch(said, intake)


def apply_version(item: IncomingMessage, said: Said, intake: Intake) -> None:
    """The same message again: nothing, or a newer (or older) version of it."""
    at = item.edited_at or item.as_of or item.occurred_at
    for version_id in item.version_ids:
        if version_id != said.external_id:
            intake.versions.append(Version(said.id, said.network, version_id, item.text, at))
    if item.is_hidden and said.hidden_at is None:
        said.hidden_at = at
        _touch(said, intake)
    if item.text == said.text or said.deleted_at is not None:
        return
    if at > (said.edited_at or said.occurred_at):
        _keep_former(said, intake)
        said.text, said.edited_at = item.text, at
        _touch(said, intake)


def bury_if_dead(arrival: Arrival, said: Said, known: Known) -> None:
    """Deletions, hidings and edits that came before the message, in the order in which they happened."""
    graves = known.graves.get((arrival.network, said.external_id), [])
    for grave in sorted(graves, key=lambda grave: grave.at):
        if grave.at < said.occurred_at:
            continue
        if grave.change == "edit" and said.deleted_at is None:
            said.text, said.edited_at = grave.text, grave.at
        else:
            _mark(said, grave.change, grave.at)


def _edit(said: Said, text: str, change: Change, intake: Intake) -> None:
    if said.deleted_at is not None or text == said.text:
        return
    if change.occurred_at < (said.edited_at or said.occurred_at):
        return
    _keep_former(said, intake)
    said.text, said.edited_at = text, change.occurred_at
    _touch(said, intake)


def _keep_former(said: Said, intake: Intake) -> None:
    at = said.edited_at or said.occurred_at
    intake.versions.append(Version(said.id, said.network, said.external_id, said.text, at))


def _mark(said: Said, what: str, at: datetime) -> None:
    if what == "delete":
        # The platforms' terms: what a customer deletes is redacted here; ids and times stay.
        said.deleted_at, said.text = at, ""
    elif what == "hide":
        said.hidden_at = at
    elif what == "unhide":
        said.hidden_at = None


def _touch(said: Said, intake: Intake) -> None:
    said.is_changed = True
    if not said.is_new and said not in intake.messages:
        intake.messages.append(said)
