"""Who is called, what leaves together, what only the browser can read. Pure."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, time, timedelta

from cryptography.hazmat.primitives.asymmetric import ec

from tickets.escalation.rules.ladder import Swap, Watch, next_called, on_call
from tickets.escalation.rules.leaving import after_quiet, batch
from tickets.escalation.rules.sealing import seal, unbase64
from tickets.team.rules.shifts import Span

BOGOTA = "America/Bogota"
# A Saturday, 22:00 in Bogotá.
NIGHT = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
WATCHES = [
    Watch(1, Span(5, time(20), time(8))),
    Watch(2, Span(5, time(20), time(8)), place=2),
    Watch(3, Span(6, time(8), time(20))),
]


def test_watch_of_the_night_is_called_in_order_and_the_day_after_is_not():
    assert on_call(WATCHES, [], NIGHT, BOGOTA) == [1, 2]
    assert on_call(WATCHES, [], NIGHT + timedelta(hours=12), BOGOTA) == [3]
    assert on_call(WATCHES, [], NIGHT + timedelta(days=2), BOGOTA) == []


def test_substitution_holds_for_its_time_and_is_followed():
    def swap(out: int, into: int) -> Swap:
        return Swap(out, into, NIGHT - timedelta(hours=1), NIGHT + timedelta(hours=1))

    assert on_call(WATCHES, [swap(1, 7)], NIGHT, BOGOTA) == [7, 2]
    assert on_call(WATCHES, [swap(1, 7), swap(7, 9)], NIGHT, BOGOTA) == [9, 2]
    assert on_call(WATCHES, [swap(1, 2)], NIGHT, BOGOTA) == [2]
    assert on_call(WATCHES, [swap(1, 7), swap(7, 1)], NIGHT, BOGOTA) == [7, 2]
    assert on_call(WATCHES, [swap(1, 7)], NIGHT + timedelta(hours=1), BOGOTA) == [1, 2]


def test_next_one_is_called_until_everybody_was_often_enough():
    called: list[int] = []
    while (one := next_called([4, 5], called)) is not None:
        called.append(one)

    assert called == [4, 5, 4, 5, 4, 5]
    assert next_called([], []) is None
    assert next_called([4, 5], [5]) == 4


def test_storm_leaves_as_one():
    assert batch([1, 2], [], NIGHT).single == [1, 2]
    storm = batch(list(range(40)), [], NIGHT)
    assert (storm.single, len(storm.together)) == ([0, 1], 38)
    later = batch([50, 51], [NIGHT, NIGHT], NIGHT + timedelta(seconds=20))
    assert (later.single, later.together) == ([], [])
    assert later.wait_until == NIGHT + timedelta(minutes=1)
    assert batch([50], [NIGHT, NIGHT], NIGHT + timedelta(seconds=20)).single == [50]
    assert batch([50, 51], [NIGHT, NIGHT], NIGHT + timedelta(seconds=61)).single == [50, 51]


def test_quiet_hours_of_a_night_end_in_the_morning():
    morning = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)  # 7:00 in Bogotá

    assert after_quiet(NIGHT, time(21), time(7), BOGOTA) == morning
    assert after_quiet(NIGHT + timedelta(hours=4), time(21), time(7), BOGOTA) == morning
    assert after_quiet(morning, time(21), time(7), BOGOTA) == morning
    assert after_quiet(NIGHT, None, None, BOGOTA) == NIGHT


def test_push_is_sealed_as_rfc_8291_says():
    """Appendix A of RFC 8291, to the byte."""
    secret = int.from_bytes(unbase64("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"))

    sealed = seal(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        key=ec.derive_private_key(secret, ec.SECP256R1()),
        salt=unbase64("DGv6ra1nlYgDCS1FRnbzlw"),
    )

    assert base64.urlsafe_b64encode(sealed).rstrip(b"=").decode() == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6"
        "PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
