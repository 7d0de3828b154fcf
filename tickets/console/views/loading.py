"""The case a request names."""

from __future__ import annotations

from django.http import Http404

from tickets.cases.models import Ticket
from tickets.replies.domain import casework


def locked_or_404(number: int) -> Ticket:
    """The case, locked. One that is in another is not worked on: it is not found."""
    ticket = casework.lock_numbered(number)
    if ticket is None:
        raise Http404
    return ticket
