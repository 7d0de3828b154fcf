"""What every address of the API has around it: the tenant of the path, the key, its budget, one effect per call."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from functools import wraps
from typing import Any, ClassVar

from django.core.exceptions import RequestDataTooBig
from django.db import transaction
from django.http import HttpResponseBase
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import JSONParser
from rest_framework.renderers import JSONRenderer
from rest_framework.response import Response
from rest_framework.views import APIView

from helpdesk.tenancy.context import speaking_for, tenant
from helpdesk.tenancy.models import Organization
from tickets.api.authentication import BearerAuthentication, HasScope
from tickets.api.domain import repeats
from tickets.api.limits import Budget, TooMany, spend
from tickets.api.problems import MEDIA_TYPE, Problem, on_error
from tickets.api.shapes import ProblemShape

MAX_BODY = 64 * 1024
KEY_HEADER = OpenApiParameter(
    "Idempotency-Key", str, OpenApiParameter.HEADER,
    description="La misma llamada con la misma clave, durante un día, se hace una vez.",
    pattern=r"^[A-Za-z0-9._:\-]{1,120}$",
)  # fmt: skip


class ApiView(APIView):
    """``scopes`` names the scope each method asks for."""

    authentication_classes: ClassVar[list[Any]] = [BearerAuthentication]
    permission_classes: ClassVar[list[Any]] = [HasScope]
    renderer_classes: ClassVar[list[Any]] = [JSONRenderer]
    parser_classes: ClassVar[list[Any]] = [JSONParser]
    scopes: ClassVar[dict[str, str]] = {}
    organization: Any = None
    budget: Budget | None = None

    def dispatch(self, request: Any, *args: Any, org: str = "", **kwargs: Any) -> HttpResponseBase:
        """Everything inside the organization of the path; for one that is not there no key is good."""
        self.organization = Organization.objects.filter(slug=org).first()
        with ExitStack() as stack:
            if self.organization is not None:
                stack.enter_context(tenant(self.organization.pk))
            return super().dispatch(request, *args, **kwargs)

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        """The key, its scope, its budget, then the size of what was sent."""
        self.format_kwarg = None
        neg = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = neg
        self.perform_authentication(request)
        self.budget = spend(self.organization.pk, request.auth.pk)
        if self.budget.remaining < 0:
            raise TooMany(self.budget.reset)
        self.check_permissions(request)
        if len(_body(request)) > MAX_BODY:
            raise Problem(413, "too_large")

    def get_exception_handler(self) -> Any:
        """Ours."""
        return on_error

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Says in every answer what is left of the budget; nothing of it is kept by anyone on the way."""
        response = super().finalize_response(request, response, *args, **kwargs)
        for name, value in (self.budget.headers if self.budget else {}).items():
            response[name] = value
        response["Cache-Control"] = "no-store"
        return response

    def asked(self, shape: type[serializers.Serializer], data: Any) -> dict[str, Any]:
        """What was sent, checked. Raises 400."""
        taken = shape(data=data)
        taken.is_valid(raise_exception=True)
        return dict(taken.validated_data)


def _body(request: Any) -> bytes:
    try:
        return request._request.body
    except RequestDataTooBig:
        raise Problem(413, "too_large") from None


def once(view: Callable[..., Response]) -> Callable[..., Response]:
    """Decorate a method that changes something: one transaction, written down as the key's, once per key."""

    @wraps(view)
    def call(self: ApiView, request: Any, **kwargs: Any) -> Response:
        key = request.headers.get("Idempotency-Key")
        if key is not None and not repeats.FORM.fullmatch(key):
            raise Problem(400, "key_invalid")
        with transaction.atomic(), speaking_for(request.auth.pk):
            if key is None:
                return view(self, request, **kwargs)
            return _repeatable(self, request, key, lambda: view(self, request, **kwargs))

    return call


def _repeatable(self: ApiView, request: Any, key: str, view: Callable[[], Response]) -> Response:
    def call() -> tuple[int, Any]:
        response = view()
        return response.status_code, response.data

    digest = repeats.digest_of(request.method, request._request.path, _body(request))
    try:
        status, answer, is_repeated = repeats.carry_out(request.auth, key=key, digest=digest, call=call)
    except repeats.KeyReused:
        raise Problem(422, "key_reused") from None
    headers = {"Idempotent-Replayed": "true"} if is_repeated else {}
    return Response(answer, status=status, headers=headers)


def told(
    name: str,
    summary: Any,
    answers: dict[int, Any],
    *,
    takes: Any = None,
    query: Any = None,
    refuses: tuple[int, ...] = (),
    scope: str = "",
) -> Callable[..., Any]:
    """Tell the schema what a method does, takes, answers and refuses with."""
    common = {400, 401, 403, 404, 406, 429}
    if takes is not None:
        common |= {413, 415}
    refusals = {
        (status, MEDIA_TYPE): OpenApiResponse(ProblemShape) for status in sorted(common | set(refuses))
    }
    parameters = [query] if query else []
    if 409 in refuses:
        parameters.append(KEY_HEADER)
    return extend_schema(
        operation_id=name,
        summary=summary,
        description=f"Permiso: `{scope}`." if scope else None,
        request=takes,
        responses={
            **{(status, "application/json") if shape else status: shape for status, shape in answers.items()},
            **refusals,
        },
        parameters=parameters,
    )
