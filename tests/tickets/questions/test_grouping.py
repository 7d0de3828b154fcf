"""Messages that ask the same end in one group, with why; others in none. Nothing is told beforehand."""

from __future__ import annotations

import random

from tickets.questions.marks import marked
from tickets.questions.rules.grouping import Asked, alike, group_questions
from tickets.questions.rules.titles import title_of

FEES = [
    "@Banco ¿por qué me cobran cuota de manejo si no uso la tarjeta?",
    "me volvieron a cobrar la cuota de manejo este mes, nunca la autoricé",
    "Otra vez cobro de CUOTA DE MANEJO en mi cuenta de nómina!!!",
    "cómo hago para que no me cobren cuota de manejo",
    "la cuota de manejo subió sin avisar, cobran lo que quieren",
    "exonerar cuota de manejo, ¿qué necesito? me la cobraron doble",
]
PHONE = [
    "cambié de celular y no puedo registrar el dispositivo en la app",
    "compré celular nuevo y la app no me deja registrar el dispositivo",
    "¿cómo registro otro dispositivo? perdí el celular anterior",
    "no me llega el código para registrar el dispositivo nuevo, cambié de celular",
    "la app dice dispositivo no autorizado desde que cambié el celular",
]
OTHERS = [
    "¿a qué hora abren en Chapinero?", "vendo lavadora", "el parqueadero estaba lleno", "linda la oficina nueva",
    "qué pereza los lunes", "quiero invertir en un fondo", "busco empleo de cajero", "feliz cumpleaños",
]  # fmt: skip


def asked(*texts: str) -> list[Asked]:
    return [Asked(n, f"persona {n}", text) for n, text in enumerate(texts)]


def test_each_question_has_its_group_and_what_is_alone_has_none():
    said = asked(*FEES, *PHONE, *OTHERS)
    random.Random(3).shuffle(said)

    groups = group_questions(said)

    texts = {one.key: one.text for one in said}
    found = [{texts[member.key] for member in group.members} for group in groups]
    assert found == [set(FEES), set(PHONE)]
    for group in groups:
        assert all(len(member.shared) >= 2 for member in group.members)
        assert group.people == group.size
    assert "cuot" in list(groups[0].terms)[:3]


def test_one_persons_insistence_and_a_copied_text_are_no_frequent_question():
    insistent = [Asked(n, "la misma", text) for n, text in enumerate(FEES)]
    copied = [
        Asked(100 + n, f"persona {n}", "retuitea: promoción de cuota de manejo gratis") for n in range(20)
    ]

    assert group_questions(insistent) == []
    assert group_questions(copied) == []


def test_the_order_of_messages_changes_nothing():
    said = asked(*FEES, *PHONE, *OTHERS)
    turned = list(reversed(said))

    def as_sets(groups):
        return [frozenset(member.key for member in group.members) for group in groups]

    assert as_sets(group_questions(said)) == as_sets(group_questions(turned))


def test_nothing_and_nonsense_are_grouped_into_nothing():
    assert group_questions([]) == []
    assert group_questions(asked(*["" for _ in range(20)], *["👍" for _ in range(20)])) == []


def test_a_title_is_what_they_say_together():
    group = group_questions(asked(*FEES))[0]
    texts = [FEES[member.key] for member in group.members]

    assert "cuota de manejo" in title_of(texts, list(group.terms)).lower()
    assert title_of(["uno dos", "tres cuatro"], []) == ""


def test_a_title_has_no_figures_and_no_handle():
    texts = [f"mi cédula 1020{n} cuota de manejo @ana{n}" for n in range(5)]

    assert title_of(texts, ["cuot", "manej", "cedul"]) == "Cuota de manejo"


def test_groups_are_the_same_by_most_of_their_terms():
    assert alike(["a", "b", "c"], ["a", "b", "x"]) > 0.6
    assert alike(["a"], []) == 0.0


def test_words_that_put_a_message_in_its_group_are_marked_and_nothing_runs():
    html = marked('La <b>CUOTA</b> de "manejo" & cuotas', {"cuot"})

    assert html.count("<mark>") == 2
    assert "<mark>CUOTA</mark>" in html
    assert "<b>" not in html
    assert "&amp;" in html
