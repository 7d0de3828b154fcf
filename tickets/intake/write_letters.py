"""The statement of intake about mails: what they have and other messages have not."""

from __future__ import annotations

from tickets.intake.plan import Intake
from tickets.intake.write_talk import Insert


def letters(org: int, intake: Intake, insert: Insert) -> None:
    """A row beside each mail."""
    insert(
        "INSERT INTO tickets_letter (organization_id, message_id, mail_id, subject, mail_references, rest, "
        "recipients, reply_to, auto, is_forged, notice) VALUES %s",
        [
            (
                org, said.id, letter.message_id[:250], letter.subject[:300], list(letter.references), letter.rest,
                list(letter.to), letter.reply_to, letter.auto, letter.is_forged, letter.notice,
            )
            for said in intake.messages
            if said.is_new and (letter := said.letter) is not None
        ],
    )  # fmt: skip
