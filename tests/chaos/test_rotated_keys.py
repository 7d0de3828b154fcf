"""A new first key: old tokens and payloads still open, new ones are sealed under it; without the old key, nothing."""

from __future__ import annotations

import base64
import os
from typing import Any

import pytest
from django.conf import settings as now

from channels_social.domain.accounts import connect_account, credentials_of, seal
from channels_social.models import InboundEvent, SocialAccount
from helpdesk.secrets.crypto import CannotOpen, vault
from helpdesk.tenancy.context import tenant
from tests.tickets.intake.bodies import deliver, x_post
from tests.tickets.intake.conftest import hear  # noqa: F401
from tickets.cases.models import Message


def new_key() -> str:
    return base64.urlsafe_b64encode(os.urandom(32)).decode()


@pytest.fixture
def rotated(cast, as_worker, settings: Any) -> list[str]:
    """A token and a pending delivery under the key of yesterday; then a new first key."""
    connect(cast)
    with as_worker():
        deliver(x_post("@FrailejonAyuda hola, ¿me ayudan?", 0))
    settings.ENCRYPTION_KEYS = [new_key(), *now.ENCRYPTION_KEYS]
    return settings.ENCRYPTION_KEYS


def connect(cast) -> None:
    with tenant(cast.bank.pk):
        connect_account(
            organization_id=cast.bank.pk, network="x", external_id=cast.bank_x.external_id, name="Banco",
            credentials={"access_token": "de ayer", "refresh_token": "también"},
        )  # fmt: skip


def account(cast) -> SocialAccount:
    with tenant(cast.bank.pk):
        return SocialAccount.objects.get(pk=cast.bank_x.pk)


def test_tokens_of_yesterday_open(cast, rotated):
    assert credentials_of(account(cast)) == {"access_token": "de ayer", "refresh_token": "también"}


def test_deliveries_of_yesterday_are_taken_in(cast, rotated, hear):  # noqa: F811
    hear()

    with tenant(cast.bank.pk):
        assert Message.objects.get().text == "@FrailejonAyuda hola, ¿me ayudan?"


def test_what_is_sealed_from_now_on_is_under_the_new_key(cast, rotated, as_worker, settings):
    with as_worker():
        deliver(x_post("@FrailejonAyuda ¿y hoy?", 5))
    sealed = seal({"access_token": "de hoy"})
    settings.ENCRYPTION_KEYS = rotated[:1]

    assert b"de hoy" in vault().open(sealed)
    with tenant(cast.bank.pk):
        opens = []
        for event in InboundEvent.objects.order_by("id"):
            try:
                vault().open(event.payload)
                opens.append(True)
            except CannotOpen:
                opens.append(False)
    assert opens == [False, True]


def test_a_key_that_is_gone_puts_its_deliveries_aside_only(cast, rotated, hear, settings):  # noqa: F811
    settings.ENCRYPTION_KEYS = rotated[:1]
    hear(x_post("@FrailejonAyuda ¿y hoy?", 5))

    with tenant(cast.bank.pk):
        assert [event.state for event in InboundEvent.objects.order_by("id")] == ["quarantined", "done"]
        assert InboundEvent.objects.get(state="quarantined").reason == "CannotOpen"
    with pytest.raises(CannotOpen):
        credentials_of(account(cast))
