"""Cases: listed, read, opened, changed. Every change is a verb of the desk."""

from __future__ import annotations

from functools import partial
from typing import Any, ClassVar

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from helpdesk import clock
from helpdesk.tenancy.models import Membership
from helpdesk.tenancy.tokens import Scope
from tickets.api import shapes
from tickets.api.inputs import ChangeInput, TicketInput, TicketsInput
from tickets.api.pages import LARGEST, falling
from tickets.api.problems import Problem
from tickets.api.views.base import ApiView, once, told
from tickets.cases.models import Ticket
from tickets.console.push import announce
from tickets.customers.models import Customer
from tickets.customers.rules.data import Unrecognised
from tickets.enums import Door, PqrKind, Priority, TicketState
from tickets.intake.asked import Asked, Opened, Ref, Who
from tickets.intake.by_hand import open_case
from tickets.replies.domain import casework
from tickets.replies.domain.priority import take_priority

TICKET = ("customer", "assignee", "joined_into")


def cases(view: ApiView) -> Any:
    """The cases of the organization, with what their shape names."""
    return Ticket.objects.filter(organization=view.organization).select_related(*TICKET)


def numbered(view: ApiView, number: int) -> Ticket:
    """The case with that number. Raises 404."""
    found = cases(view).filter(number=number).first() if number <= LARGEST else None
    if found is None:
        raise Http404
    return found


def tell(view: ApiView, ticket_id: int, messages: tuple[int, ...] = ()) -> None:
    """Show it on the consoles, once it is committed."""
    pairs = [(ticket_id, message) for message in messages]
    transaction.on_commit(partial(announce, view.organization.pk, [ticket_id], pairs))


class Tickets(ApiView):
    """``/tickets/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TICKETS_READ, "POST": Scope.TICKETS_WRITE}

    @told(
        "list_tickets",
        _("Lista de casos, el más nuevo primero"),
        {200: shapes.page_of(shapes.TicketShape)},
        query=TicketsInput,
        scope=Scope.TICKETS_READ,
    )
    def get(self, request: Any) -> Response:
        """A page of cases. A page may be short, even empty, and still have a next one."""
        asked = self.asked(TicketsInput, request.query_params)
        rows = cases(self)
        if "customer" in asked:
            rows = rows.filter(customer_id=asked["customer"])
        filters = {name: asked[name] for name in ("state", "kind") if name in asked}
        found, after = falling(rows, limit=asked["limit"], cursor=asked.get("cursor"), filters=filters)
        results = [shapes.ticket(row, self.organization) for row in found]
        return Response({"results": results, "next_cursor": after})

    @told(
        "open_ticket",
        _("Abrir un caso"),
        {201: shapes.OpenedShape, 200: shapes.OpenedShape},
        takes=TicketInput,
        refuses=(409, 422),
        scope=Scope.TICKETS_WRITE,
    )
    @once
    def post(self, request: Any) -> Response:
        """Open a case; a number of another system that a case has already makes it news of that case."""
        asked = self.asked(TicketInput, request.data)
        opened = self._open(asked)
        ticket = cases(self).get(pk=opened.ticket_id)
        tell(self, ticket.pk, (opened.message_id,) if opened.message_id else ())
        body = shapes.ticket(ticket, self.organization) | {"result": opened.what}
        return Response(body, status=201 if opened.what == "opened" else 200)

    def _open(self, asked: dict[str, Any]) -> Opened:
        who = self._who(asked["customer"])
        kind = asked.get("kind")
        try:
            return open_case(
                self.organization,
                Asked(
                    door=Door(asked["door"]),
                    text=asked["text"],
                    happened_at=asked.get("happened_at") or clock.now(),
                    who=who,
                    kind=PqrKind(kind) if kind else None,
                    references=tuple(
                        Ref(one["system"], one["number"]) for one in asked.get("references", ())
                    ),
                ),
                by=None,
                source=f"api:{self.request.auth.pk}",
            )
        except Unrecognised as error:
            field = "document" if error.code == "check_digit" else error.code
            raise invalid(f"customer.{field}", gettext("No se reconoce ese dato.")) from None
        except ValueError as error:
            raise invalid("references", str(error)) from None  # «no such case» and its like: for programs

    def _who(self, given: dict[str, Any]) -> Who:
        customer_id = given.pop("id", None)
        if (
            customer_id is not None
            and not Customer.objects.filter(organization=self.organization, pk=customer_id).exists()
        ):
            raise invalid("customer.id", gettext("No hay un cliente con ese id."))
        return Who(**given, customer_id=customer_id)


class OneTicket(ApiView):
    """``/tickets/<number>/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TICKETS_READ, "PATCH": Scope.TICKETS_WRITE}

    @told("read_ticket", _("Un caso"), {200: shapes.TicketShape}, scope=Scope.TICKETS_READ)
    def get(self, request: Any, number: int) -> Response:
        """One case by its number."""
        return Response(shapes.ticket(numbered(self, number), self.organization))

    @told(
        "change_ticket",
        _("Cambiar un caso"),
        {200: shapes.TicketShape},
        takes=ChangeInput,
        refuses=(409, 422),
        scope=Scope.TICKETS_WRITE,
    )
    @once
    def patch(self, request: Any, number: int) -> Response:
        """State, assignee, kind, priority: all of what is asked, or nothing."""
        asked = self.asked(ChangeInput, request.data)
        ticket = casework.lock(numbered(self, number).pk)
        if ticket.state == TicketState.JOINED:
            raise Problem(409, "joined")
        if "kind" in asked:
            casework.change_kind(ticket, kind=PqrKind(asked["kind"]), by=None, reason=asked.get("reason", ""))
        if "priority" in asked:
            why = asked.get("reason", "") or self.request.auth.name
            take_priority(ticket, priority=Priority(asked["priority"]), why=why, by=None)
        if "assignee" in asked:
            casework.assign(ticket, to=self._member(asked["assignee"]), by=None)
        if "state" in asked:
            _give_state(ticket, asked["state"])
        tell(self, ticket.pk)
        return Response(shapes.ticket(numbered(self, number), self.organization))

    def _member(self, initials: str | None) -> Membership | None:
        if initials is None:
            return None
        found = Membership.objects.filter(
            organization=self.organization, initials=initials.upper(), is_active=True
        ).first()
        if found is None or not found.can("see_cases"):
            raise invalid("assignee", gettext("Nadie del equipo que vea casos firma con esas iniciales."))
        return found


def _give_state(ticket: Ticket, state: str) -> None:
    """The verb that leads there; asking for the state it has is no error."""
    if state == TicketState.RESOLVED:
        casework.resolve(ticket, by=None)
    elif state == TicketState.WAITING_CUSTOMER:
        if ticket.state != state and not casework.wait_for_customer(ticket, by=None):
            raise Problem(409, "state")
    elif not ticket.is_open:
        casework.reopen(ticket, by=None)
    elif ticket.state == TicketState.WAITING_CUSTOMER:
        casework.stop_waiting(ticket, by=None)
    elif ticket.state != state:
        raise Problem(409, "state")


def invalid(field: str, detail: str) -> Problem:
    """A 400 about one field."""
    return Problem(400, "invalid", errors=[{"field": field, "detail": detail}])
