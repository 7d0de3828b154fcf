"""What one organization's corrections teach: pure, and never worse on what was held back."""

from __future__ import annotations

from tickets.triage.engine import SERVICE_FROM
from tickets.triage.local import SERVICE, Example, learn, shifted


def examples(
    said: str, count: int, logit: float, traits: tuple[str, ...] = ("tag", "to:nobody")
) -> list[Example]:
    return [Example(number, SERVICE, said, traits, {SERVICE: logit}) for number in range(1, count + 1)]


def test_what_is_corrected_again_and_again_is_learnt():
    lesson = learn(examples("1", 40, -1.5), SERVICE_FROM)
    assert (lesson.learnt_from, lesson.held_back, lesson.right_before) == (30, 10, 0)
    assert lesson.right_after == 10
    assert lesson.is_not_worse
    assert shifted({SERVICE: -1.5}, ("tag",), lesson.offsets)[SERVICE] > -1.5


def test_few_corrections_teach_nothing():
    assert learn(examples("1", 7, -1.5), SERVICE_FROM).offsets == {}


def test_a_lesson_that_does_worse_on_what_was_held_back_is_not_taken():
    # Those learnt from say one thing, those held back the other.
    rest = [one for one in examples("1", 40, -1.0) if one.number % 4]
    held = [
        Example(number, SERVICE, "0", ("tag", "to:nobody"), {SERVICE: -1.0}) for number in range(4, 41, 4)
    ]
    lesson = learn([*rest, *held], SERVICE_FROM)
    assert lesson.right_before == 10
    assert lesson.right_after < 10
    assert not lesson.is_not_worse


def test_kinds_are_learnt_too():
    sums = {"queja": 1.0, "reclamo": 0.2}
    told = [Example(number, "kind", "reclamo", ("#cobro",), sums) for number in range(1, 30)]
    lesson = learn(told, SERVICE_FROM)
    assert lesson.right_before == 0
    assert lesson.right_after == lesson.held_back


def test_the_same_corrections_give_the_same_lesson():
    told = examples("1", 20, -0.7) + examples("0", 9, 0.4, ("link",))
    assert learn(told, SERVICE_FROM) == learn(list(told), SERVICE_FROM)


def test_urgencies_are_learnt_and_move_no_kind():
    sums = {"media": 1.0, "alta": 0.2, "queja": 0.5}
    told = [Example(number, "urgency", "alta", ("#viaje",), sums) for number in range(1, 30)]
    lesson = learn(told, SERVICE_FROM)
    assert lesson.right_before == 0
    assert lesson.right_after == lesson.held_back
    assert set(lesson.offsets["#viaje"]) == {"alta", "media"}
