"""Files an answer will take along: chosen, looked at and taken out by their author, before it is sent."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import render

from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.cases.models import Ticket
from tickets.console.attached import attached
from tickets.console.views.files import stored
from tickets.replies.domain.files import NotTaken, drop_upload, keep_upload, waiting
from tickets.replies.models import Upload
from tickets.replies.sentences import sentence

BOTH = ("GET", "HEAD", "POST")


@for_members(Permission.SEE_CASES, methods=BOTH)
def uploads(request: Any, number: int) -> HttpResponse:
    """Those that wait for this case's answer; or, by POST, one more (``file``): its line, or why not (422)."""
    if not (request.member.can(Permission.REPLY_PUBLIC) or request.member.can(Permission.REPLY_PRIVATE)):
        raise PermissionDenied
    ticket = Ticket.objects.select_related("account").filter(number=number, joined_into=None).first()
    if ticket is None:
        raise Http404
    if request.method != "POST":
        return _lines(request, waiting(ticket, request.member))
    file = request.FILES.get("file")
    if file is None:
        return _refusal(NotTaken("file_lost"))
    try:
        kept = keep_upload(ticket, file.read(), name=file.name or "", by=request.member)
    except NotTaken as not_taken:
        return _refusal(not_taken)
    return _lines(request, [kept])


@for_members(Permission.SEE_CASES, methods=BOTH)
def upload(request: Any, pk: int) -> HttpResponse:
    """One of them, for its author: its picture, or, by POST, taken out again."""
    mine = Upload.objects.filter(pk=pk, by=request.member).select_related("media")
    row = (mine.select_for_update(of=("self",)) if request.method == "POST" else mine).first()
    if row is None:
        raise Http404
    if request.method == "POST":
        drop_upload(row)
        return HttpResponse(status=204)
    if not default_storage.exists(row.media.file):
        raise Http404
    return stored(row.media)


def _lines(request: Any, rows: list[Upload]) -> HttpResponse:
    files = [attached(row, request.org.slug) for row in rows]
    return render(request, "tickets/console/_attached.html", {"files": files})


def _refusal(not_taken: NotTaken) -> HttpResponse:
    words = sentence(not_taken.code, not_taken.detail)
    return HttpResponse(words, status=422, content_type="text/plain; charset=utf-8")
