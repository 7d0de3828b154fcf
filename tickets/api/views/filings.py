"""Radicados: listed, read."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from helpdesk.tenancy.tokens import Scope
from tickets.api import shapes
from tickets.api.pages import PageInput, falling
from tickets.api.views.base import ApiView, told
from tickets.cases.models import Filing


class Filings(ApiView):
    """``/filings/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.FILINGS_READ}

    @told(
        "list_filings",
        _("Lista de radicados, el más nuevo primero"),
        {200: shapes.page_of(shapes.FilingShape)},
        query=PageInput,
        scope=Scope.FILINGS_READ,
    )
    def get(self, request: Any) -> Response:
        """A page of radicados."""
        asked = self.asked(PageInput, request.query_params)
        rows = Filing.objects.filter(organization=self.organization).select_related("ticket")
        found, after = falling(rows, limit=asked["limit"], cursor=asked.get("cursor"), filters={})
        return Response({"results": [shapes.filing(row) for row in found], "next_cursor": after})


class OneFiling(ApiView):
    """``/filings/<radicado>/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.FILINGS_READ}

    @told("read_filing", _("Un radicado"), {200: shapes.FilingShape}, scope=Scope.FILINGS_READ)
    def get(self, request: Any, radicado: str) -> Response:
        """One radicado, and the case that answers for it."""
        found = None
        if len(radicado) <= 40 and radicado.isprintable():
            rows = Filing.objects.filter(organization=self.organization, radicado=radicado)
            found = rows.select_related("ticket").first()
        if found is None:
            raise Http404
        return Response(shapes.filing(found))
