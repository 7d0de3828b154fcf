"""The statement of intake about mails: what they have and other messages have not."""

from __future__ import annotations

from tickets.intake.plan import Intake
from tickets.intake.rows import Writes, inserting

LETTERS = inserting(
    "tickets_letter",
    "organization_id bigint, message_id bigint, mail_id text, subject text, mail_references text[], rest text, "
    "recipients text[], reply_to text, auto text, is_forged boolean, notice text",
)


def letters(org: int, intake: Intake, writes: Writes) -> None:
    """A row beside each mail."""
    writes.rows(
        LETTERS,
        [
            (
                org, said.id, letter.message_id[:250], letter.subject[:300], letter.references, letter.rest,
                letter.to, letter.reply_to, letter.auto, letter.is_forged, letter.notice,
            )
            for said in intake.messages
            if said.is_new and (letter := said.letter) is not None
        ],
    )  # fmt: skip
