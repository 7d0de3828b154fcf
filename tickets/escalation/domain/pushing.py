"""Web push to a person's browsers: VAPID (RFC 8292) and message encryption (RFC 8291), by ``cryptography``.

The push service of the browser's maker carries it and can read nothing of it. Nothing here is within a transaction.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import urlsplit

import jwt
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from helpdesk import clock
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership
from tickets.escalation.models import PushSubscription
from tickets.escalation.rules.sealing import seal

ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
TTL_S, VAPID_S = 3600, 12 * 3600
MOST_BROWSERS = 10
Post = Callable[[str, bytes, dict[str, str]], int]


def vapid_key() -> ec.EllipticCurvePrivateKey:
    """This installation's own key: made of its secret, so that it is the same wherever it runs."""
    derived = HKDF(hashes.SHA256(), 48, None, b"circunflejo vapid").derive(settings.SECRET_KEY.encode())
    return ec.derive_private_key(int.from_bytes(derived) % (ORDER - 1) + 1, ec.SECP256R1())


def public_key() -> str:
    """What browsers are told to expect: the uncompressed point, base64url."""
    point = (
        vapid_key()
        .public_key()
        .public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    )
    return base64.urlsafe_b64encode(point).rstrip(b"=").decode()


def subscribe(member: Membership, *, endpoint: str, p256dh: str, auth: str) -> PushSubscription:
    """A browser of theirs may be written to. Raises ``ValueError`` for keys or an address that are none."""
    if not endpoint.startswith("https://") or len(endpoint) > 600 or len(p256dh) > 120 or len(auth) > 40:
        raise ValueError("endpoint")
    seal(b"x", p256dh=p256dh, auth=auth)
    row, _new = PushSubscription.objects.update_or_create(
        organization_id=member.organization_id, endpoint=endpoint,
        defaults={"member": member, "p256dh": p256dh, "auth": auth, "gone_at": None},
    )  # fmt: skip
    return row


def push_to(organization_id: int, member_id: int, title: str, url: str, *, urgent: bool, post: Post) -> str:
    """Write to every browser of a person; nothing when one took it, else the kind of failure.

    ``post`` sends to somebody else's server and gives its status (the guarded one of ``api.posting``).
    """
    with tenant(organization_id):
        rows = list(PushSubscription.objects.filter(member_id=member_id, gone_at=None)[:MOST_BROWSERS])
    body = json.dumps({"title": title, "url": url}, ensure_ascii=False).encode()
    results = {row.pk: _post(row, body, urgent, post) for row in rows}
    gone = [pk for pk, status in results.items() if status in (404, 410)]
    if gone:
        with tenant(organization_id):
            PushSubscription.objects.filter(pk__in=gone).update(gone_at=clock.now())
    if any(200 <= status < 300 for status in results.values()):
        return ""
    return "no_browser" if not results else f"push_{min(results.values())}"


def _post(row: PushSubscription, body: bytes, urgent: bool, post: Post) -> int:
    """The status of the push service, 0 when none came."""
    parts = urlsplit(row.endpoint)
    now = int(time.time())
    token = jwt.encode(
        {"aud": f"{parts.scheme}://{parts.netloc}", "exp": now + VAPID_S, "sub": settings.BASE_URL},
        vapid_key(), algorithm="ES256",
    )  # fmt: skip
    headers = {
        "Authorization": f"vapid t={token}, k={public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL_S),
        "Urgency": "high" if urgent else "normal",
    }
    return post(row.endpoint, seal(body, p256dh=row.p256dh, auth=row.auth), headers)
