"""kill -9 at the moments that matter: the same messages, conversations and states, one public answer."""

from __future__ import annotations

import time
from itertools import count

import pytest

from tests.chaos.conftest import Night, eventually

pytestmark = [pytest.mark.live, pytest.mark.timeout(120)]
NUMBERS = count(1)


def told(night: Night, who: str = "dianamrojas") -> tuple[int, str]:
    """A customer mentions the bank; their case and words of our answer that occur nowhere else."""
    words = f"asunto{next(NUMBERS)}"
    night.control("POST", "/x/posts", as_=who, text=f"@FrailejonAyuda no puedo entrar, {words}")
    return night.case_of(words), f"Respuesta {words}."


def ends_as_one_answer(night: Night, words: str) -> None:
    """Sent in the end, once in public, and the desk says the same in all its places."""
    action = eventually(lambda: (a := night.action(words)).get("state") == "sent" and a, 40)
    (post,) = night.said(words)
    assert post["raw"] == f"{words} ^JC"
    assert action["external_id"] == post["id"]
    (message,) = night.rows(
        "SELECT external_id, send_state, is_native FROM tickets_message WHERE text LIKE %s AND direction = 'out'",
        f"%{words}%",
    )
    assert message == (post["id"], "sent", False)
    met = night.one(
        "SELECT c.met_at FROM tickets_clock c JOIN tickets_message m ON m.ticket_id = c.ticket_id "
        "WHERE m.text LIKE %s AND c.kind = 'first_response'",
        f"%{words}%",
    )
    assert met is not None


def test_killed_between_claim_and_request(night: Night) -> None:
    """Nothing has left: the lease runs out, the answer goes back in line and leaves once."""
    number, words = told(night)
    started = "UPDATE:OLD.request_started_at IS NULL AND NEW.request_started_at IS NOT NULL"
    with night.slow("channels_social_outboundaction", started):
        night.answer(number, words)
        eventually(night.paused)
        assert night.action(words)["state"] == "sending"
        assert night.action(words)["request_started_at"] is None
        night.kill("net")

    ends_as_one_answer(night, words)
    assert night.action(words)["requeued"] == 0
    assert night.action(words)["attempts"] == 2


def test_killed_between_request_and_receipt(night: Night) -> None:
    """The bytes have left and no answer can come any more: unknown, read back, never sent again."""
    number, words = told(night)
    night.fault("x", "slow", seconds=1.5, match="POST /x/2/tweets", count=1)
    night.answer(number, words)
    eventually(lambda: night.action(words).get("request_started_at"))
    time.sleep(0.3)
    night.kill("net")

    ends_as_one_answer(night, words)
    assert night.action(words)["attempts"] == 1


def test_killed_between_receipt_and_commit(night: Night) -> None:
    """The network has answered, and nobody wrote it down."""
    number, words = told(night)
    with night.slow("channels_social_outboundaction", "UPDATE:NEW.state = 'sent' AND OLD.state = 'sending'"):
        night.answer(number, words)
        eventually(night.paused)
        assert len(night.said(words)) == 1
        assert night.action(words)["state"] == "sending"
        night.kill("net")

    ends_as_one_answer(night, words)
    assert night.action(words)["attempts"] == 1


def test_inbox_killed_in_the_middle_of_a_batch(night: Night) -> None:
    """Rolled back whole and taken in again whole: each message once, radicados without a gap."""
    with night.slow("tickets_message", "INSERT:NEW.text LIKE '%a medias%'", seconds=0.6):
        for n in range(8):
            night.control(
                "POST", "/x/posts", as_="caro_quintero", text=f"@FrailejonAyuda me robaron, a medias {n}"
            )
        eventually(night.paused)
        night.kill("inbox")
        assert night.one("SELECT count(*) FROM tickets_message WHERE text LIKE '%%a medias%%'") == 0

    eventually(
        lambda: night.one("SELECT count(*) FROM tickets_message WHERE text LIKE '%%a medias%%'") == 8, 40
    )
    eventually(
        lambda: not night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'pending'")
    )
    assert night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'quarantined'") == 0
    assert (
        night.one("SELECT count(DISTINCT ticket_id) FROM tickets_message WHERE text LIKE '%%a medias%%'") == 1
    )
    radicados = [row[0] for row in night.rows("SELECT radicado FROM tickets_filing ORDER BY 1")]
    assert [int(one[-6:]) for one in radicados] == list(range(1, len(radicados) + 1))


def test_everything_killed_at_once_with_answers_and_questions_on_their_way(night: Night) -> None:
    cases = [told(night, who) for who in ("sebasgil_", "natabernal", "wilmerbarrios")]
    night.fault("x", "slow", seconds=0.4, match="POST /x/2/tweets")
    for number, words in cases:
        night.answer(number, words)
    for n in range(6):
        night.control("POST", "/x/posts", as_="olgatamayo_", text=f"@FrailejonAyuda ¿me ayudan? noche {n}")
    night.kill("app")

    for _number, words in cases:
        ends_as_one_answer(night, words)
    eventually(lambda: night.one("SELECT count(*) FROM tickets_message WHERE text LIKE '%%noche%%'") == 6, 40)
    assert night.one("SELECT count(*) FROM channels_social_inboundevent WHERE state = 'quarantined'") == 0
