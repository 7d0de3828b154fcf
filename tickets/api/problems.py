"""Every refusal of the API as ``application/problem+json`` (RFC 9457): a code for programs, a sentence for people."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import OperationalError
from django.http import Http404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework import exceptions
from rest_framework.response import Response

from tickets.customers.domain import people
from tickets.customers.rules.data import Unrecognised
from tickets.customers.sentences import refusal
from tickets.replies.domain.reply import Refused
from tickets.replies.sentences import sentence

logger = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"

TITLES = {
    "invalid": gettext_noop("La solicitud tiene datos que no sirven."),
    "not_json": gettext_noop("El cuerpo no es un JSON válido."),
    "no_token": gettext_noop("Falta una clave válida en el encabezado Authorization."),
    "token_expired": gettext_noop("Esa clave venció: pida una nueva."),
    "closed": gettext_noop("La organización está cerrada: no se lee ni se escribe nada en su nombre."),
    "token_revoked": gettext_noop("Esa clave fue anulada."),
    "token_waits": gettext_noop("Esa clave todavía espera la aprobación de otra persona."),
    "scope_missing": gettext_noop("A esa clave le falta un permiso."),
    "not_found": gettext_noop("No existe."),
    "method": gettext_noop("Esa dirección no acepta ese método."),
    "not_acceptable": gettext_noop("Solo se responde en JSON."),
    "media_type": gettext_noop("El cuerpo debe ser JSON: Content-Type: application/json."),
    "too_large": gettext_noop("El cuerpo es demasiado grande."),
    "too_many": gettext_noop("Demasiadas llamadas: espere y vuelva a intentar."),
    "key_reused": gettext_noop("Ese Idempotency-Key ya se usó con otra solicitud."),
    "key_invalid": gettext_noop("El Idempotency-Key debe tener de 1 a 120 letras, números o . _ : -"),
    "busy": gettext_noop("Otra llamada está cambiando lo mismo: repita esta."),
    "refused": gettext_noop("No se puede hacer ahora."),
    "joined": gettext_noop("Otro caso responde por este: use su número."),
    "state": gettext_noop("Desde el estado que tiene no se pasa a ese."),
    "cursor": gettext_noop("Ese cursor no es de esta lista."),
    "server": gettext_noop("Algo falló de nuestro lado: repita la llamada con el mismo Idempotency-Key."),
}


class Problem(exceptions.APIException):
    """A refusal with its code; ``detail`` says more than the title does."""

    def __init__(
        self, status: int, code: str, detail: str = "", *, errors: list[dict[str, str]] | None = None
    ) -> None:
        super().__init__(detail or code)
        self.status_code, self.code, self.words, self.errors = status, code, detail, errors or []


def on_error(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's handler of whatever a view raised."""
    problem = as_problem(error)
    if problem is None:
        logger.error("the API failed: %s", type(error).__name__, exc_info=error)
        problem = Problem(500, "server")
    response = Response(body_of(problem), status=problem.status_code, content_type=MEDIA_TYPE)
    for name in ("auth_header", "wait"):
        value = getattr(error, name, None)
        if value is not None:
            response["WWW-Authenticate" if name == "auth_header" else "Retry-After"] = str(value)
    return response


def body_of(problem: Problem) -> dict[str, Any]:
    """The problem as it is sent."""
    title = _(TITLES.get(problem.code, TITLES["refused"]))
    body: dict[str, Any] = {
        "type": f"urn:circunflejo:problem:{problem.code}",
        "title": title,
        "status": problem.status_code,
        "code": problem.code,
        "detail": problem.words or title,
    }
    return body | ({"errors": problem.errors} if problem.errors else {})


def as_problem(error: Exception) -> Problem | None:
    """What an exception is in the words of the API; None for what nobody foresaw."""
    match error:
        case Problem():
            return error
        case exceptions.ValidationError():
            return Problem(400, "invalid", errors=list(_fields(error.detail)))
        case Unrecognised():
            return Problem(400, "invalid", errors=[_field(error.code, _("No se reconoce ese dato."))])
        case Refused():
            detail = sentence(error.code, error.detail)
            return Problem(409, error.code, detail)
        case people.Refused():
            return Problem(409, error.code, refusal(error.code, error.detail))
        case Http404():
            return Problem(404, "not_found")
        case RequestDataTooBig():
            return Problem(413, "too_large")
        case PermissionDenied():
            return Problem(403, "scope_missing")
        case OperationalError() if "lock timeout" in str(error) or "deadlock" in str(error):
            return Problem(409, "busy")
        case exceptions.APIException():
            return _of_framework(error)
    return None


_FRAMEWORK: dict[type[Exception], str] = {
    exceptions.ParseError: "not_json",
    exceptions.NotAuthenticated: "no_token",
    exceptions.AuthenticationFailed: "no_token",
    exceptions.PermissionDenied: "scope_missing",
    exceptions.NotFound: "not_found",
    exceptions.MethodNotAllowed: "method",
    exceptions.NotAcceptable: "not_acceptable",
    exceptions.UnsupportedMediaType: "media_type",
}


def _of_framework(error: exceptions.APIException) -> Problem:
    return Problem(error.status_code, _FRAMEWORK.get(type(error), "refused"))


def _field(name: str, detail: str) -> dict[str, str]:
    return {"field": name, "detail": detail}


def _fields(detail: Any, path: str = "") -> Any:
    """DRF's nested errors, flat: ``customer.phone``, ``references.0.number``."""
    if isinstance(detail, Mapping):
        for name, inner in detail.items():
            yield from _fields(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(detail, list):
        for place, inner in enumerate(detail):
            nested = isinstance(inner, Mapping | list)
            yield from _fields(inner, f"{path}.{place}" if nested else path)
    else:
        yield _field(path.removesuffix(".non_field_errors"), str(detail))
