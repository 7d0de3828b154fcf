"""What is said in a case: messages, answers through the outbox, notes."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any, ClassVar
from uuid import uuid4

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from channels_social.domain.doorbell import ring
from helpdesk.tenancy.tokens import Scope
from tickets.api import shapes
from tickets.api.inputs import NoteInput, ReplyInput
from tickets.api.pages import PageInput, read_cursor, write_cursor
from tickets.api.problems import Problem
from tickets.api.views.base import ApiView, once, told
from tickets.api.views.tickets import numbered, tell
from tickets.cases.models import Message
from tickets.enums import TicketState
from tickets.questions.domain.linking import note_links
from tickets.replies.domain import casework
from tickets.replies.domain.reply import reply


class Messages(ApiView):
    """``/tickets/<number>/messages/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.TICKETS_READ}

    @told(
        "list_messages",
        _("Mensajes de un caso, el más antiguo primero"),
        {200: shapes.page_of(shapes.MessageShape)},
        query=PageInput,
        scope=Scope.TICKETS_READ,
    )
    def get(self, request: Any, number: int) -> Response:
        """A page of what was said."""
        asked = self.asked(PageInput, request.query_params)
        ticket = numbered(self, number)
        rows = Message.objects.filter(organization=self.organization, ticket=ticket)
        if asked.get("cursor"):
            at, pk = _after(asked["cursor"])
            rows = rows.filter(Q(occurred_at__gt=at) | Q(occurred_at=at, pk__gt=pk))
        limit = asked["limit"]
        found = list(rows.select_related("conversation", "author").order_by("occurred_at", "pk")[: limit + 1])
        page = found[:limit]
        after = write_cursor(page[-1].occurred_at.isoformat(), page[-1].pk) if len(found) > limit else None
        return Response({"results": [shapes.message(row) for row in page], "next_cursor": after})


def _after(cursor: str) -> tuple[datetime, int]:
    parts = read_cursor(cursor)
    try:
        at, pk = datetime.fromisoformat(parts[0]), int(parts[1])
    except (ValueError, IndexError):
        raise Problem(400, "cursor") from None
    if at.tzinfo is None or not 0 <= pk < 2**63 or len(parts) != 2:
        raise Problem(400, "cursor")
    return at, pk


class Replies(ApiView):
    """``/tickets/<number>/replies/``"""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.MESSAGES_WRITE}

    @told(
        "reply",
        _("Responder al cliente"),
        {202: shapes.MessageShape(many=True)},
        takes=ReplyInput,
        refuses=(409, 422),
        scope=Scope.MESSAGES_WRITE,
    )
    @once
    def post(self, request: Any, number: int) -> Response:
        """Queue an answer, signed with the key's initials. It leaves as any answer does; watch its ``state``."""
        asked = self.asked(ReplyInput, request.data)
        ticket = casework.lock(numbered(self, number).pk)
        if ticket.state == TicketState.JOINED:
            raise Problem(409, "joined")
        messages = reply(
            ticket,
            by=None,
            text=asked["text"],
            mode=asked["mode"],
            client_token=uuid4().hex,
            in_thread=asked["split"],
            initials=request.auth.initials,
        )
        note_links(self.organization, messages, by=None)
        tell(self, ticket.pk, tuple(message.pk for message in messages))
        transaction.on_commit(partial(ring, "net"))
        rows = (
            Message.objects.filter(organization=self.organization, pk__in=[one.pk for one in messages])
            .select_related("conversation", "author")
            .order_by("pk")
        )
        return Response([shapes.message(row) for row in rows], status=202)


class Notes(ApiView):
    """``/tickets/<number>/notes/``"""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.MESSAGES_WRITE}

    @told(
        "write_note",
        _("Escribir una nota"),
        {201: shapes.NoteShape},
        takes=NoteInput,
        refuses=(409, 422),
        scope=Scope.MESSAGES_WRITE,
    )
    @once
    def post(self, request: Any, number: int) -> Response:
        """Say something among colleagues; the customer never sees it."""
        asked = self.asked(NoteInput, request.data)
        ticket = casework.lock(numbered(self, number).pk)
        note = casework.add_note(ticket, by=None, text=asked["text"])
        tell(self, ticket.pk)
        note.refresh_from_db()
        return Response(shapes.note(note), status=201)
