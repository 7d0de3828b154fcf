"""The demo's cases are typified by their plain words, and nobody learns from the machine's own guesses."""

from __future__ import annotations

from django.utils import timezone

from helpdesk.tenancy.context import tenant
from protocols.typification.domain.queries.published import published
from tests.stories import hear, mention
from tickets.cases.classification import Classification
from tickets.cases.domain.queries.typified import past_of, use_of
from tickets.settings.demo_typified import typify_demo


def test_plain_cases_get_their_motive_once_and_others_none(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces el mercado"))
    hear(cast, mention("perdieron mi maleta, no aparece el equipaje"), account=cast.airline_x)
    with tenant(cast.bank.pk):
        assert typify_demo(cast.bank) == 1
        assert typify_demo(cast.bank) == 0
        row = Classification.objects.get()
        assert (row.motive.name, row.by_id) == ("Doble cobro", None)
    with tenant(cast.airline.pk):
        assert not Classification.objects.exists()


def test_the_machine_teaches_itself_nothing(cast):
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces el mercado"))
    with tenant(cast.bank.pk):
        typify_demo(cast.bank)
        tree = published(cast.bank.pk)
        assert past_of(tree, cast.bank.pk).cases.total() == 0
        assert use_of(tree, cast.bank.pk, now=timezone.now()).total == 1
