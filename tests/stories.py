"""Short ways to bring a case about, through the product's own doors."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from channels_social.enums import ConversationKind
from channels_social.models import Media
from channels_social.networks.base import Author, IncomingMessage
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tickets.cases.domain.classifying import Choice, classify
from tickets.cases.domain.filing import rulebook_of
from tickets.cases.models import Message, Ticket
from tickets.incidents.domain.declaring import Facts, declare
from tickets.incidents.domain.linking import link
from tickets.incidents.enums import LinkCause
from tickets.intake.decide import decide
from tickets.intake.filing import mark_filings, move_receipts
from tickets.intake.inbox import be_the_only_one
from tickets.intake.load import load_known
from tickets.intake.plan import Arrival
from tickets.intake.write import write
from tickets.replies.domain.joining import join_cases
from tickets.replies.domain.references import add_reference
from tickets.replies.domain.reply import reply
from tickets.supervision.domain.batches import queue_batch

OTHER = Author("2002", "user", "Wilmer Pérez", "wilmer_p")
DIANA = Author("2001", "user", "Diana Marcela Rojas", "dianam_rojas")


def mention(
    text: str, *, number: int = 1, at: datetime | None = None, author: Author = DIANA, **more: Any
) -> IncomingMessage:
    """A public mention on X; ``number`` makes its id and, unless given, its conversation."""
    external_id = str(1_900_000_000_000_000_000 + number)
    conversation = more.pop("conversation", external_id)
    return IncomingMessage(
        kind=ConversationKind.X_PUBLIC,
        external_id=external_id,
        thread_key=f"{conversation}:{author.external_id}",
        author=author,
        text=text,
        occurred_at=at or clock.now() - timedelta(minutes=1),
        root_external_id=conversation,
        **more,
    )


def hear(cast: Cast, *items: Any, account: Any = None) -> None:
    """Take items in for the bank, in one batch, as the worker would."""
    where = account or cast.bank_x
    arrivals = [Arrival(0, where.pk, where.network, item) for item in items]
    organization = where.organization
    with tenant(organization.pk):
        be_the_only_one(organization.pk)
        now = clock.now()
        intake = decide(arrivals, load_known(organization, arrivals, now=now))
        mark_filings(intake, rulebook_of(organization.pk))
        write(organization, intake, now=now)
        move_receipts(organization.pk, intake)


def open_case(cast: Cast) -> dict[str, int]:
    """A case of the bank with an answer and a file; the keys of its rows."""
    hear(cast, mention("@FrailejonAyuda me cobraron dos veces y nadie responde"))
    with tenant(cast.bank.pk):
        ticket = Ticket.objects.select_related("organization").get()
        media = Media.objects.create(
            organization=cast.bank, account=cast.bank_x, source_key="foto", source_url="http://x/y.png",
            state="stored", content_type="image/png", size=3, file="org/x.png",
        )  # fmt: skip
        reply(ticket, by=cast.juan, text="Diana, lo revisamos.", mode="public", client_token="token-1")
        message = Message.objects.get(direction="out")
    return {"number": ticket.number, "message": message.pk, "media": media.pk, "account": cast.bank_x.pk}


def file_case(cast: Cast) -> dict[str, int]:
    """Another case of the bank, joined into the first, which has a number elsewhere; the keys of both rows."""
    hear(cast, mention("@FrailejonAyuda otra cosa", number=2, author=OTHER))
    with tenant(cast.bank.pk):
        first, last = Ticket.objects.order_by("pk")
        Ticket.objects.filter(pk=last.pk).update(customer=first.customer_id)
        reference = add_reference(first, system="sac", number="SAC-881", by=cast.juan)
        move = join_cases(into=first, other=last, by=cast.juan)
    return {"reference": reference.pk, "move": move.pk}


def declare_one(cast: Cast, number: int) -> dict[str, int]:
    """An incident of the bank with a case and answers in bulk; the keys. Inside ``tenant``."""
    facts = Facts(
        title="La app no abre", situation="Hay clientes que no pueden entrar a la app.",
        measures="Ya trabajamos en ello.", next_notice_at=clock.now() + timedelta(minutes=30),
    )  # fmt: skip
    incident = declare(cast.bank, facts, by=cast.paola)
    ticket = Ticket.objects.get(number=number)
    link(incident, [ticket.pk], by=cast.paola, cause=LinkCause.HAND)
    batch = queue_batch(
        incident, [ticket.pk], text="{nombre}, ya trabajamos en ello.", by=cast.paola, token="lote-1"
    )
    return {"incident": incident.number, "batch": batch.pk}


# Enough to resolve any case of any sector, filed or not.
WHOLE = Choice(motive="motive-otro-motivo", cause="cause-sin-falla", result="result-informado")


def typify(ticket: Ticket, choice: Choice = WHOLE, *, by: Any = None) -> None:
    """Say what a case is about, so that it may be resolved. Inside ``tenant``."""
    classify(ticket, choice, by=by)
