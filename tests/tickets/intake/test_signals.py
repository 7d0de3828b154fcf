"""What a network says of the account itself."""

from __future__ import annotations

import pytest

from channels_social.enums import AccountState
from channels_social.models import SocialAccount
from channels_social.networks.base import AccountSignal
from helpdesk.tenancy.context import tenant
from tickets.intake.domain import _obey_signals
from tickets.intake.plan import Intake


@pytest.mark.parametrize(
    ("what", "state"),
    [
        ("revoked", AccountState.NEEDS_REAUTH),
        ("blocked", AccountState.BLOCKED),
        ("unblocked", AccountState.LIVE),
    ],
)
def test_signal_stops_that_account_and_no_other(cast, what, state):
    with tenant(cast.bank.pk):
        _obey_signals(cast.bank.pk, Intake(signals=[(cast.bank_x.pk, AccountSignal(what, "motivo"))]))

        assert SocialAccount.objects.get(pk=cast.bank_x.pk).state == state
        assert SocialAccount.objects.get(pk=cast.bank_page.pk).state == AccountState.LIVE


def test_renamed_account_keeps_its_id_and_shows_its_new_handle(cast):
    with tenant(cast.bank.pk):
        _obey_signals(
            cast.bank.pk, Intake(signals=[(cast.bank_x.pk, AccountSignal("renamed", "FrailejonTeAyuda"))])
        )
        account = SocialAccount.objects.get(pk=cast.bank_x.pk)

    assert (account.handle, account.external_id) == ("FrailejonTeAyuda", cast.bank_x.external_id)
