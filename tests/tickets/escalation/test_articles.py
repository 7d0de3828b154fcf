"""An article that runs out calls who answers for it; what readers looked for long ago is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from faq.domain import writing
from faq.domain.readers import MISSED_KEPT, forget_missed, note_missed
from faq.domain.themes import add_theme
from faq.domain.writing import About
from faq.models import Article, MissedSearch
from faq.rules.document import Document
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import bank_today
from tickets.escalation.domain.articles import remind
from tickets.escalation.domain.sweep import _over
from tickets.escalation.models import Alarm
from tickets.escalation.words import headline


@pytest.fixture
def expiring(cast):
    """Published, Juan's, with its last day in ten days."""
    with tenant(cast.bank.pk):
        theme = add_theme(cast.bank, name="Documentos", by=cast.paola)
        document = Document(
            title="Cómo pido un paz y salvo",
            body="En la app, en **Documentos**, en un minuto.",
            category=theme.pk,
        )
        about = About(cast.juan, bank_today() + timedelta(days=10))
        made = writing.begin(cast.bank, document, by=cast.juan, about=about, ask_review=True)
        writing.publish(made, step=made.step, by=cast.paola)
        yield Article.objects.get(pk=made.pk)


def test_owner_is_called_once_a_week_until_it_is_renewed(expiring, cast, time_machine):
    assert (remind(cast.bank), remind(cast.bank)) == (1, 0)
    alarm = Alarm.objects.get()
    assert (alarm.called, alarm.is_urgent) == ([cast.juan.pk], False)
    assert "Cómo pido un paz y salvo" in headline(alarm)

    time_machine.move_to(clock.now() + timedelta(days=7))
    assert remind(cast.bank) == 1
    Article.objects.update(expires_on=expiring.expires_on + timedelta(days=182))
    assert remind(cast.bank) == 0
    _over(cast.bank, clock.now())
    assert not Alarm.objects.filter(ended_at=None).exists()


def test_owner_who_left_is_not_called_but_who_publishes(expiring, cast):
    cast.juan.is_active = False
    cast.juan.save()

    remind(cast.bank)

    called = Alarm.objects.get().called
    assert cast.paola.pk in called
    assert cast.juan.pk not in called


def test_what_nobody_looked_for_in_ninety_days_is_forgotten(cast, time_machine):
    with tenant(cast.bank.pk):
        note_missed(cast.bank.pk, "paz y salvo del vehículo")
        time_machine.move_to(clock.now() + MISSED_KEPT + timedelta(days=1))
        note_missed(cast.bank.pk, "cambiar la clave del cajero")

        assert forget_missed(cast.bank.pk) == 1
        assert MissedSearch.objects.get().words == "cambiar la clave del cajero"
