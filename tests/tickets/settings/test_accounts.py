"""How accounts are shown, read only, letting go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from channels_social.domain.accounts import pause_account
from channels_social.models import CreditSpend, OutboundAction, PollCursor, RateLimit, SocialAccount
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.stories import open_case
from tickets.cases.models import Message, Ticket
from tickets.replies.domain.reply import Refused, reply
from tickets.settings.sentences import dollars

ACCOUNTS = "/frailejon/ajustes/cuentas/"


def mode_of(cast) -> str:
    return f"{ACCOUNTS}{cast.bank_x.pk}/modo/"


def test_page_says_how_each_account_is(cast, visit):
    now = clock.now()
    with tenant(cast.bank.pk):
        SocialAccount.objects.filter(pk=cast.bank_x.pk).update(
            last_event_at=now - timedelta(minutes=5), token_expires_at=now + timedelta(hours=1)
        )
        PollCursor.objects.filter(account=cast.bank_x).update(last_polled_at=now - timedelta(minutes=2))
        PollCursor.objects.filter(account=cast.bank_x, stream="dms").update(gap_since=now)
        RateLimit.objects.create(
            organization=cast.bank, account=cast.bank_x, endpoint="POST /2/tweets", limit=100, remaining=3,
            reset_at=now + timedelta(minutes=9),
        )  # fmt: skip
        CreditSpend.objects.create(
            organization=cast.bank,
            account=cast.bank_x,
            day=now.date(),
            kind="post_read",
            count=246,
            micros=1_230_000,
        )
        pause_account(cast.bank_page, state="needs_reauth", reason="460")

    page = visit(cast.marta, ACCOUNTS).replace("\xa0", " ")

    for words in (
        "@FrailejonAyuda", "hace 5 min", "hace 2 min", "puede faltar algo de mensajes directos",
        "quedan 3 de 100 para responder", "US$ 1,23 · 246 usos", "publicaciones leídas",
        "Facebook ya no acepta el permiso", "Volver a conectar", "ya no sirve",
    ):  # fmt: skip
        assert words in page, words
    assert "AlisiosAyuda" not in page


def test_page_counts_what_waits_to_leave(cast, visit):
    open_case(cast)
    page = visit(cast.marta, ACCOUNTS)
    assert "1 en cola" in page
    with tenant(cast.bank.pk):
        OutboundAction.objects.update(state="failed")

    assert "1 no salió" in visit(cast.marta, ACCOUNTS)


def test_limits_of_a_window_that_is_over_are_not_told(cast, visit):
    with tenant(cast.bank.pk):
        RateLimit.objects.create(
            organization=cast.bank, account=cast.bank_x, endpoint="POST /2/tweets", limit=100, remaining=0,
            reset_at=clock.now() - timedelta(minutes=1),
        )  # fmt: skip

    assert "quedan 0" not in visit(cast.marta, ACCOUNTS)


def test_page_costs_the_same_with_more_accounts(cast, client):
    client.force_login(cast.marta.user)
    client.get(ACCOUNTS)
    with CaptureQueriesContext(
        connection,
    ) as few:
        client.get(ACCOUNTS)
    with tenant(cast.bank.pk):
        for number in range(5):
            SocialAccount.objects.create(
                organization=cast.bank, network="x", external_id=f"9{number}", handle=f"h{number}"
            )

    with CaptureQueriesContext(connection) as many:
        client.get(ACCOUNTS)

    assert len(many) == len(few)


def test_read_only_holds_what_waits_and_refuses_what_is_new(cast, client):
    keys = open_case(cast)
    client.force_login(cast.marta.user)
    assert "1 respuesta que no ha salido queda retenida" in client.get(mode_of(cast)).content.decode()

    answer = client.post(mode_of(cast), {"mode": "read_only"})

    assert answer["Location"] == ACCOUNTS
    with tenant(cast.bank.pk):
        assert SocialAccount.objects.get(pk=cast.bank_x.pk).mode == "read_only"
        assert OutboundAction.objects.get().state == "held"
        assert Message.objects.get(pk=keys["message"]).send_state == "held"
        assert AuditEvent.objects.get(action="account.mode_changed").data["mode"] == "read_only"
        ticket = Ticket.objects.select_related("organization").get()
        with pytest.raises(Refused, match="read_only"):
            reply(ticket, by=cast.juan, text="Otra cosa.", mode="public", client_token="token-2")


def test_answering_again_releases_what_was_held(cast, client):
    keys = open_case(cast)
    client.force_login(cast.marta.user)
    client.post(mode_of(cast), {"mode": "read_only"})

    client.post(mode_of(cast), {"mode": "full"})

    with tenant(cast.bank.pk):
        assert OutboundAction.objects.get().state == "queued"
        assert Message.objects.get(pk=keys["message"]).send_state == "queued"


def test_answering_again_does_not_wake_a_dead_account(cast, client):
    open_case(cast)
    with tenant(cast.bank.pk):
        SocialAccount.objects.filter(pk=cast.bank_x.pk).update(mode="read_only")
        pause_account(cast.bank_x, state="needs_reauth", reason="")
    client.force_login(cast.marta.user)

    client.post(mode_of(cast), {"mode": "full"})

    with tenant(cast.bank.pk):
        assert OutboundAction.objects.get().state == "held"


def test_the_same_mode_twice_is_one_line(cast, client):
    client.force_login(cast.marta.user)
    client.post(mode_of(cast), {"mode": "read_only"})
    client.post(mode_of(cast), {"mode": "read_only"})

    with tenant(cast.bank.pk):
        assert AuditEvent.objects.filter(action="account.mode_changed").count() == 1


def test_mode_that_does_not_exist_changes_nothing(cast, client):
    client.force_login(cast.marta.user)

    assert client.post(mode_of(cast), {"mode": "todo"}).status_code == 422


def test_disconnecting_forgets_the_token_and_keeps_the_cases(cast, client):
    open_case(cast)
    client.force_login(cast.marta.user)
    path = f"{ACCOUNTS}{cast.bank_x.pk}/desconectar/"
    assert client.get(path).status_code == 200

    client.post(path)

    with tenant(cast.bank.pk):
        account = SocialAccount.objects.get(pk=cast.bank_x.pk)
        assert (account.state, account.credentials) == ("disconnected", None)
        assert OutboundAction.objects.get().state == "held"
        assert Ticket.objects.count() == 1
        assert AuditEvent.objects.filter(action="account.disconnected").count() == 1
    assert "Volver a conectar" in client.get(ACCOUNTS).content.decode()


@pytest.mark.parametrize(
    ("micros", "words"),
    [
        (0, "US$ 0,00"),
        (1, "< US$ 0,01"),
        (9_999, "< US$ 0,01"),
        (10_000, "US$ 0,01"),
        (1_234_567, "US$ 1,23"),
    ],
)
def test_money_is_said_to_the_cent(micros, words):
    assert dollars(micros).replace("\xa0", " ") == words
