"""Customers: found by what identifies them, read with their data masked, their name put right."""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404
from django.utils.translation import gettext_lazy as _
from rest_framework.response import Response

from helpdesk.tenancy.tokens import Scope
from tickets.api import shapes
from tickets.api.inputs import CustomersInput, NameInput
from tickets.api.pages import LARGEST, falling
from tickets.api.views.base import ApiView, once, told
from tickets.console.push import announce
from tickets.customers.domain import identities
from tickets.customers.domain.renaming import rename
from tickets.customers.models import Customer
from tickets.customers.rules.data import recognise

KINDS = ("email", "phone", "document", "handle")


class Customers(ApiView):
    """``/customers/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CUSTOMERS_READ}

    @told(
        "list_customers",
        _("Lista de clientes, o a quién pertenece un dato"),
        {200: shapes.page_of(shapes.CustomerShape)},
        query=CustomersInput,
        scope=Scope.CUSTOMERS_READ,
    )
    def get(self, request: Any) -> Response:
        """A page of people; with an e-mail, telephone, document or handle, exactly those who have it."""
        asked = self.asked(CustomersInput, request.query_params)
        rows = _people(self).filter(merged_into=None)
        kind = next((name for name in KINDS if name in asked), None)
        if kind is not None:
            datum = recognise(asked[kind], self.organization.country, kind)
            having = identities.find(self.organization.pk, datum)
            rows = rows.filter(pk__in={one.customer_id for one in having})
        found, after = falling(rows, limit=asked["limit"], cursor=asked.get("cursor"), filters={})
        return Response({"results": [shapes.customer(row) for row in found], "next_cursor": after})


class OneCustomer(ApiView):
    """``/customers/<id>/``"""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.CUSTOMERS_READ, "PATCH": Scope.CUSTOMERS_WRITE}

    @told("read_customer", _("Un cliente"), {200: shapes.CustomerShape}, scope=Scope.CUSTOMERS_READ)
    def get(self, request: Any, pk: int) -> Response:
        """One person. ``merged_into`` says who they turned out to be."""
        return Response(shapes.customer(_person(self, pk)))

    @told(
        "rename_customer",
        _("Corregir el nombre de un cliente"),
        {200: shapes.CustomerShape},
        takes=NameInput,
        refuses=(409, 422),
        scope=Scope.CUSTOMERS_WRITE,
    )
    @once
    def patch(self, request: Any, pk: int) -> Response:
        """What a person is called."""
        asked = self.asked(NameInput, request.data)
        tickets = rename(_person(self, pk), name=asked["name"], by=None)
        announce(self.organization.pk, tickets, [])
        return Response(shapes.customer(_person(self, pk)))


def _people(view: ApiView) -> Any:
    return Customer.objects.filter(organization=view.organization).prefetch_related("identities")


def _person(view: ApiView, pk: int) -> Customer:
    found = _people(view).filter(pk=pk).first() if pk <= LARGEST else None
    if found is None:
        raise Http404
    return found
