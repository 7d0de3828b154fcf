"""``POST /hooks/in/<org>/``: what a contact centre or a CRM tells, signed. Without session, log-in or language."""

from __future__ import annotations

import json
import logging
from hashlib import sha256
from typing import Any

import redis
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest, JsonResponse

from helpdesk import clock
from helpdesk.push import client
from helpdesk.secrets.crypto import CannotOpen
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from tickets.console.push import announce
from tickets.doors.domain import keys
from tickets.doors.domain.calls import NonceReused, carry_out, is_spent
from tickets.doors.models import DoorCall, DoorKey
from tickets.doors.rules import signing
from tickets.doors.rules.body import Wrong, read_body
from tickets.doors.sentences import sentence
from tickets.intake.asked import Opened

logger = logging.getLogger(__name__)
PREFIX = "/hooks/in/"
LARGEST = 256 * 1024
STATUS_OF = {"not_json": 400, "no_case": 404, "no_reference": 404}
# Nobody's secret: an address that is none takes as long to be refused as one that is.
NO_SECRET = b"-" * 47


def receive(request: HttpRequest) -> JsonResponse:
    """One call. Nothing of it is parsed before its signature is right."""
    if request.method != "POST":
        return _refuse(405, "method")
    if request.META.get("HTTP_CONTENT_ENCODING", "identity") != "identity":
        return _refuse(415, "compressed")
    body = _read(request)
    if body is None:
        return _refuse(413, "too_large")
    client_ip = request.META.get("REMOTE_ADDR", "")
    if _count(f"bad:{client_ip}", 0) >= settings.HOOK_IN_BAD_PER_MINUTE:
        return _refuse(429, "too_many")
    seal = _seal(request.META)
    organization = _organization(request.path_info)
    key = _signed_by(organization, seal, body)
    if organization is None or key is None or seal is None:
        _count(f"bad:{client_ip}", 1)
        return _refuse(403, "signature")
    if organization.closed_at is not None:
        return _refuse(410, "closed")
    if not signing.is_fresh(seal, clock.now().timestamp()):
        return _refuse(403, "stale")
    if _count(f"key:{key.pk}", 1) > settings.HOOK_IN_PER_MINUTE:
        return _refuse(429, "too_many")
    return _take(organization, key, seal, body)


def _take(organization: Organization, key: DoorKey, seal: signing.Seal, body: bytes) -> JsonResponse:
    now, digest = clock.now(), sha256(body).hexdigest()
    try:
        told = read_body(_parse(body), key=f"{key.key_id}:{seal.nonce}", now=now)
        with tenant(organization.pk):
            keys.used(key, now)
            call, opened = carry_out(organization, key, told, nonce=seal.nonce, digest=digest)
            if opened is not None:
                transaction.on_commit(lambda: _tell(organization.pk, opened))
    except Wrong as wrong:
        # Of a nonce that is spent nothing else is told: it is not the body that has to be mended.
        with tenant(organization.pk):
            if is_spent(organization, key, seal.nonce, digest):
                return _refuse(409, "nonce_reused")
        return _refuse(STATUS_OF.get(wrong.code, 422), wrong.code, wrong.path)
    except NonceReused:
        return _refuse(409, "nonce_reused")
    return _answer(call, is_again=opened is None)


def _answer(call: DoorCall, *, is_again: bool) -> JsonResponse:
    answer = JsonResponse(call.answer, status=call.status or 200)
    if is_again:
        answer["Idempotent-Replay"] = "true"
    return answer


def _tell(organization_id: int, opened: Opened) -> None:
    pairs = [(opened.ticket_id, opened.message_id)] if opened.message_id else []
    announce(organization_id, [opened.ticket_id], pairs)


def _read(request: HttpRequest) -> bytes | None:
    """The raw bytes; None when there are more than allowed."""
    told = request.META.get("CONTENT_LENGTH") or "0"
    if not told.isdigit() or int(told) > LARGEST:
        return None
    body: bytes = request.read(LARGEST + 1)
    return body if len(body) <= LARGEST else None


def _seal(meta: dict[str, Any]) -> signing.Seal | None:
    names = ("KEY", "TIMESTAMP", "NONCE", "SIGNATURE")
    return signing.read_seal(*(str(meta.get(f"HTTP_X_CIRCUNFLEJO_{name}", "")) for name in names))


def _organization(path: str) -> Organization | None:
    slug, _slash, rest = path.removeprefix(PREFIX).partition("/")
    return Organization.objects.filter(slug=slug).first() if slug and not rest and len(slug) <= 40 else None


def _signed_by(organization: Organization | None, seal: signing.Seal | None, body: bytes) -> DoorKey | None:
    """The organization's good key that signed these bytes."""
    key = None
    secret = NO_SECRET
    if organization is not None and seal is not None:
        with tenant(organization.pk):
            key = DoorKey.objects.filter(organization=organization, key_id=seal.key_id).first()
        if key is not None and key.is_good(clock.now()):
            try:
                secret = keys.secret_of(key)
            except CannotOpen:
                logger.error("door key %s cannot be opened: ENCRYPTION_KEYS changed", key.pk)
                key = None
        else:
            key = None
    seal = seal or signing.Seal("", 0, "", signing.SCHEME)
    return key if signing.is_signed(seal, secret, body) and key is not None else None


def _parse(body: bytes) -> dict[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise Wrong("not_json", "") from None
    if not isinstance(fields, dict):
        raise Wrong("not_json", "")
    return fields


def _count(what: str, step: int) -> int:
    """How often this minute; nobody is refused because Redis is away."""
    name = f"cf:{settings.INSTANCE}:hook-in:{what}:{int(clock.now().timestamp() // 60)}"
    try:
        if step == 0:
            return int(client().get(name) or 0)
        pipe = client().pipeline()
        pipe.incrby(name, step)
        pipe.expire(name, 120)
        return int(pipe.execute()[0])
    except redis.RedisError:
        return 0


def _refuse(status: int, code: str, field: str = "") -> JsonResponse:
    error = {"code": code, "message": sentence(code)} | ({"field": field} if field else {})
    answer = JsonResponse({"error": error}, status=status)
    if status == 405:
        answer["Allow"] = "POST"
    if status == 429:
        answer["Retry-After"] = "60"
    return answer
