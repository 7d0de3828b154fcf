"""Other systems are told what they subscribed to: in the change's transaction, signed, again for a day."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.db import transaction

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.tokens import ApiToken, Scope
from tests.stories import hear, mention, typify
from tests.tickets.api.receiver import Receiver
from tickets.api.domain import subscriptions
from tickets.api.domain.deliveries import OFF_AFTER, forget_deliveries, tell_all
from tickets.api.domain.tokens import revoke_token
from tickets.api.models import Event, WebhookDelivery, WebhookSubscription
from tickets.api.posting import Outcome
from tickets.cases.models import Message, Ticket
from tickets.enums import PqrKind
from tickets.replies.domain import casework

ALL = [event for event in Event.values if event != "ping"]
WORDS = "me cobraron dos veces y nadie responde"


@pytest.fixture
def receiver(settings):
    one = Receiver()
    settings.WEBHOOK_DEV_HOSTS = [f"127.0.0.1:{one.port}"]
    yield one
    one.stop()


@pytest.fixture
def subscribe(cast, receiver):
    def make(*events, with_words=False, org=None, by=None):
        organization = org or cast.bank
        with tenant(organization.pk):
            return subscriptions.subscribe(
                organization,
                url=receiver.url,
                events=events or ALL,
                with_words=with_words,
                by=by or cast.juan,
            )

    return make


@pytest.fixture
def tell(as_worker):
    """As the worker of *net* does."""

    def run(**more):
        with as_worker():
            return tell_all(**more)

    return run


def _hear(cast):
    hear(cast, mention(f"@FrailejonAyuda {WORDS}"))


def _bodies(receiver):
    return [json.loads(body) for _path, _headers, body in receiver.arrived]


def _events(cast):
    with tenant(cast.bank.pk):
        return list(WebhookDelivery.objects.order_by("pk").values_list("event", flat=True))


def test_what_happens_is_told_signed_and_timed(cast, receiver, subscribe, tell):
    _made, secret = subscribe()
    _hear(cast)

    tell()

    path, headers, body = receiver.arrived[0]
    said = json.loads(body)
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - clock.now().timestamp()) < 60
    assert (path, said["id"], said["organization"]) == ("/hook", headers["webhook-id"], "frailejon")
    assert {one["type"] for one in _bodies(receiver)} == {
        "message.received",
        "ticket.created",
        "filing.created",
    }


def test_people_and_their_words_do_not_travel_unless_asked_for(cast, receiver, subscribe, tell):
    subscribe()
    _hear(cast)

    tell()

    whole = json.dumps(_bodies(receiver), ensure_ascii=False)
    assert len(receiver.arrived) == 3
    assert WORDS not in whole
    assert "Diana" not in whole


def test_words_travel_where_they_were_asked_for_by_who_may_read_them(cast, receiver, subscribe, tell):
    subscribe("message.received", with_words=True)
    _hear(cast)

    tell()

    assert WORDS in _bodies(receiver)[0]["data"]["message"]["text"]


def test_who_may_not_read_cases_cannot_have_the_words_sent(cast, subscribe, speak, receiver):
    with pytest.raises(subscriptions.Refused, match="words_not_allowed"):
        subscribe(with_words=True, by=cast.marta)
    asked = {"url": receiver.url, "events": ["message.received"], "with_words": True}

    answer = speak(Scope.WEBHOOKS_MANAGE)("post", "webhooks/", asked)

    assert (answer.status_code, answer.json()["code"]) == (409, "words_not_allowed")
    assert speak(Scope.WEBHOOKS_MANAGE, Scope.TICKETS_READ)("post", "webhooks/", asked).status_code == 201


def test_every_change_of_a_case_is_told_with_what_changed(cast, subscribe):
    subscribe("ticket.updated", "ticket.resolved")
    _hear(cast)
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization").get()
        casework.assign(ticket, to=cast.juan, by=cast.juan)
        casework.change_kind(ticket, kind=PqrKind.QUEJA, by=cast.juan, reason="así fue")
        typify(ticket)
        casework.resolve(ticket, by=cast.juan)
        rows = list(WebhookDelivery.objects.order_by("pk").values_list("event", "changed"))

    assert rows == [
        ("ticket.updated", ["state", "assignee"]), ("ticket.updated", ["kind"]), ("ticket.resolved", ["state"]),
    ]  # fmt: skip


def test_answer_is_told_when_it_has_left_not_when_it_was_written(cast, subscribe, speak):
    subscribe("message.sent")
    _hear(cast)
    with tenant(cast.bank.pk):
        number = Ticket.objects.get().number
    speak()("post", f"tickets/{number}/replies/", {"text": "Lo vemos.", "mode": "public"})
    assert _events(cast) == []

    with tenant(cast.bank.pk):
        Message.objects.filter(direction="out").update(send_state="sent")

    assert _events(cast) == ["message.sent"]


def test_change_that_did_not_happen_is_not_told(cast, subscribe):
    subscribe()
    _hear(cast)
    before = _events(cast)
    with tenant(cast.bank.pk), transaction.atomic():
        ticket = Ticket.objects.select_related("organization").get()
        typify(ticket)
        casework.resolve(ticket, by=cast.juan)
        assert len(_events(cast)) > len(before)
        transaction.set_rollback(True)

    assert _events(cast) == before


def test_nothing_is_told_of_a_reserved_case(cast, receiver, subscribe, tell):
    subscribe()
    _hear(cast)
    with tenant(cast.bank.pk), whole():
        Ticket.objects.update(is_reserved=True)

    tell()

    assert receiver.arrived == []


def test_stranger_is_told_nothing_of_the_bank(cast, receiver, subscribe, tell):
    subscribe(org=cast.airline, by=cast.carla)
    _hear(cast)

    tell()

    assert receiver.arrived == []
    with tenant(cast.airline.pk):
        assert WebhookDelivery.objects.count() == 0


def test_failed_delivery_is_tried_again_later_under_the_same_id(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    _hear(cast)
    receiver.status = 500

    assert tell() == 1
    assert tell() == 0  # its pause is not over
    with tenant(cast.bank.pk):
        row = WebhookDelivery.objects.get()
        assert (row.state, row.http_status, row.failure) == ("pending", 500, "status")
        _make_due()
    receiver.status = 200
    tell()

    ids = {headers["webhook-id"] for _path, headers, _body in receiver.arrived}
    assert (len(receiver.arrived), len(ids)) == (2, 1)
    with tenant(cast.bank.pk):
        assert WebhookDelivery.objects.get().state == "delivered"
        assert WebhookSubscription.objects.get().failures == 0


def _make_due():
    past = clock.now() - timedelta(seconds=1)
    WebhookDelivery.objects.filter(state="pending").update(next_at=past)
    WebhookSubscription.objects.update(next_at=past)


def test_redirect_to_loopback_is_a_failed_delivery_with_its_reason(cast, receiver, subscribe, tell):
    inside = Receiver()
    receiver.status, receiver.headers = 302, {"Location": inside.url}
    subscribe("ticket.created")
    _hear(cast)

    tell()

    inside.stop()
    with tenant(cast.bank.pk):
        row = WebhookDelivery.objects.get()
    assert (row.failure, row.failure_detail, row.http_status) == ("redirect", "127.0.0.1", 302)
    assert inside.arrived == []


def test_address_that_was_fine_once_is_looked_at_again(cast, receiver, subscribe, tell, settings):
    subscribe("ticket.created")
    settings.WEBHOOK_DEV_HOSTS = []
    _hear(cast)

    tell()

    with tenant(cast.bank.pk):
        assert WebhookDelivery.objects.get().failure == "address_scheme"
    assert receiver.arrived == []


def test_who_fails_again_and_again_is_switched_off_with_the_reason(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    receiver.status = 503
    _hear(cast)
    for _n in range(OFF_AFTER):
        with tenant(cast.bank.pk):
            _make_due()
        tell()

    with tenant(cast.bank.pk):
        one = WebhookSubscription.objects.get()
        assert (one.is_active, one.off_reason, one.off_detail) == (False, "status", "503")
        assert AuditEvent.objects.filter(action="webhook.gave_up").count() == 1
    before = len(receiver.arrived)
    hear(cast, mention("otra cosa distinta", number=9))
    tell()
    assert len(receiver.arrived) == before == OFF_AFTER


def test_what_is_a_day_old_is_given_up(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    receiver.status = 500
    _hear(cast)
    with tenant(cast.bank.pk):
        WebhookDelivery.objects.update(happened_at=clock.now() - timedelta(hours=24))

    tell()

    with tenant(cast.bank.pk):
        assert WebhookDelivery.objects.get().state == "failed"


def test_who_says_gone_is_left_alone(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    receiver.status = 410
    _hear(cast)

    tell()

    with tenant(cast.bank.pk):
        assert WebhookSubscription.objects.get().off_reason == "gone"


def test_test_leaves_also_while_it_is_off_and_counts_for_nothing(cast, receiver, subscribe, tell):
    made, _secret = subscribe("ticket.created")
    receiver.status = 500
    with tenant(cast.bank.pk):
        subscriptions.switch(made, on=False, by=cast.juan)
        subscriptions.ask_for_test(made, by=cast.juan)

    tell()

    assert [one["type"] for one in _bodies(receiver)] == ["ping"]
    with tenant(cast.bank.pk):
        assert WebhookDelivery.objects.get().state == "failed"
        assert WebhookSubscription.objects.get().failures == 0


def test_replay_tells_it_again_under_an_id_of_its_own(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    _hear(cast)
    tell()
    with tenant(cast.bank.pk):
        subscriptions.replay(WebhookDelivery.objects.select_related("subscription").get(), by=cast.juan)

    tell()

    first, second = _bodies(receiver)
    assert first["data"]["ticket"]["number"] == second["data"]["ticket"]["number"]
    assert first["id"] != second["id"]


def test_one_that_hangs_keeps_nobody_else_waiting(cast, receiver, subscribe, tell, as_worker):
    """One turn ends at the first failure; the other subscription has its own."""
    subscribe("ticket.created")
    subscribe("ticket.created")
    _hear(cast)
    sent = []

    def send(address, body, headers):
        sent.append(headers["Webhook-Id"])
        return Outcome(None, 1, "timeout") if len(sent) == 1 else Outcome(200, 1)

    tell(send=send)

    assert len(sent) == 2
    with tenant(cast.bank.pk):
        assert set(WebhookDelivery.objects.values_list("state", flat=True)) == {"pending", "delivered"}


def test_leased_subscription_is_nobody_elses(cast, subscribe, tell):
    subscribe("ticket.created")
    _hear(cast)
    with tenant(cast.bank.pk):
        WebhookSubscription.objects.update(lease_until=clock.now() + timedelta(seconds=30))
    assert tell() == 0

    with tenant(cast.bank.pk):
        WebhookSubscription.objects.update(lease_until=clock.now() - timedelta(seconds=1))
    assert tell() == 1


def test_what_a_key_subscribed_to_ends_with_the_key(cast, receiver, speak, tell):
    speaker = speak()
    asked = {"url": receiver.url, "events": ["ticket.created"]}
    assert speaker("post", "webhooks/", asked).status_code == 201
    with tenant(cast.bank.pk):
        revoke_token(speaker.token, by=cast.marta)
    _hear(cast)
    tell()

    assert receiver.arrived == []
    with tenant(cast.bank.pk):
        assert WebhookSubscription.objects.get().off_reason == "token"


def test_key_that_expired_is_told_nothing_more(cast, receiver, speak, tell):
    speaker = speak()
    speaker("post", "webhooks/", {"url": receiver.url, "events": ["ticket.created"]})
    _hear(cast)
    with tenant(cast.bank.pk):
        ApiToken.objects.update(expires_at=clock.now() - timedelta(seconds=1))

    tell()

    assert receiver.arrived == []


def test_subscription_by_rest_shows_its_secret_once_and_keeps_it_sealed(cast, receiver, speak):
    speaker = speak()
    made = speaker("post", "webhooks/", {"url": receiver.url, "events": ["ticket.created"]}).json()

    assert made["secret"].startswith("whsec_")
    assert "secret" not in speaker("get", f"webhooks/{made['id']}/").json()
    with tenant(cast.bank.pk):
        assert made["secret"].encode() not in bytes(WebhookSubscription.objects.get().secret)
    assert speaker("post", f"webhooks/{made['id']}/test/").status_code == 202
    assert [
        row["event"] for row in speaker("get", f"webhooks/{made['id']}/deliveries/").json()["results"]
    ] == ["ping"]
    assert speaker("delete", f"webhooks/{made['id']}/").status_code == 204
    assert speaker("get", f"webhooks/{made['id']}/").status_code == 404


@pytest.mark.parametrize(
    "url", ["http://example.com/", "https://127.0.0.1/", "https://[::ffff:10.0.0.1]/", "nada"]
)
def test_subscription_to_an_address_inside_is_refused(cast, speak, url):
    answer = speak()("post", "webhooks/", {"url": url, "events": ["ticket.created"]})

    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "url"


def test_log_goes_after_thirty_days(cast, receiver, subscribe, tell):
    subscribe("ticket.created")
    _hear(cast)
    tell()
    with tenant(cast.bank.pk):
        assert forget_deliveries(cast.bank.pk) == 0
        WebhookDelivery.objects.update(happened_at=clock.now() - timedelta(days=31))
        assert forget_deliveries(cast.bank.pk) == 1
