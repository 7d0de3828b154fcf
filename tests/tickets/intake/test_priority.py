"""Priority comes from words and history, and both are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.enums import PqrKind, Priority
from tickets.intake.rules.priority import History, suggest_priority
from tickets.triage.engine import judge


@pytest.mark.parametrize(
    ("text", "kind", "priority"),
    [
        ("Me clonaron la tarjeta", PqrKind.RECLAMO, Priority.CRITICAL),
        ("me robaron el celular, bloqueen la línea", PqrKind.PETICION, Priority.CRITICAL),
        ("Hay un perfil que se hace pasar por ustedes", PqrKind.DENUNCIA, Priority.CRITICAL),
        ("Mi vuelo sale en 5 horas y no me deja hacer el check-in", PqrKind.RECLAMO, Priority.CRITICAL),
        ("Mañana viajo y no tengo asiento", PqrKind.PETICION, Priority.CRITICAL),
        ("Mi vuelo sale en 72 horas", PqrKind.PETICION, Priority.MEDIUM),
        ("No puedo entrar a la app", PqrKind.RECLAMO, Priority.HIGH),
        ("Es la cuarta vez que escribo", PqrKind.QUEJA, Priority.HIGH),
        ("Llevo 3 semanas esperando", PqrKind.QUEJA, Priority.HIGH),
        ("Voy a poner una tutela", PqrKind.QUEJA, Priority.HIGH),
        ("Mi mamá es adulta mayor y la dejaron esperando", PqrKind.QUEJA, Priority.HIGH),
        ("Qué mala atención", PqrKind.QUEJA, Priority.MEDIUM),
        ("¿Cuál es mi cupo?", PqrKind.INFORMACION, Priority.MEDIUM),
        ("¿Qué horario tienen?", PqrKind.INFORMACION, Priority.LOW),
        ("Excelente atención, me robaron el corazón", PqrKind.FELICITACION, Priority.LOW),
        ("Sería bueno un modo oscuro", PqrKind.SUGERENCIA, Priority.LOW),
    ],
)
def test_suggest_priority_follows_the_table(text, kind, priority):
    assert suggest_priority(judge(text), kind, History())[0] == priority


def test_suggest_priority_tells_words_and_history():
    priority, reasons = suggest_priority(
        judge("me clonaron la tarjeta"), PqrKind.RECLAMO, History(unanswered=4)
    )
    assert priority == Priority.CRITICAL
    assert reasons == ("posible fraude: «me clonaron»", "4 mensajes sin respuesta")


@pytest.mark.parametrize("history", [History(unanswered=3), History(open_cases=2, reopened=1)])
def test_suggest_priority_raises_who_was_left_waiting(history):
    text = "¿Cuál es mi cupo?"
    assert suggest_priority(judge(text), PqrKind.INFORMACION, History())[0] == Priority.MEDIUM
    assert suggest_priority(judge(text), PqrKind.INFORMACION, history)[0] == Priority.HIGH
    assert suggest_priority(judge("Me robaron"), PqrKind.RECLAMO, history)[0] == Priority.CRITICAL


def test_a_threat_is_high_and_told():
    priority, reasons = suggest_priority(
        judge("Mañana voy a Condusef con todo, ya basta de cobrarme lo que no debo"), PqrKind.QUEJA, History()
    )
    assert priority in (Priority.HIGH, Priority.CRITICAL)
    assert any("condusef" in reason for reason in reasons)


@given(st.text(), st.sampled_from(PqrKind))
def test_suggest_priority_answers_anything_briefly(text, kind):
    priority, reasons = suggest_priority(judge(text), kind, History(3, 3, 3))
    assert priority in Priority
    assert all(len(reason) <= 80 for reason in reasons)
