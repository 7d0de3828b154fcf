"""Who gave the application a page takes it back in Facebook's own settings, and may ask to have their data deleted."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlencode

from channels_social.sandbox.control.gate import Mistake, need, page_of
from channels_social.sandbox.graph.login import manager_of
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import World

FORM = {"content-type": "application/x-www-form-urlencoded", "user-agent": "facebookplatform/1.0"}
MOST = 65_536


def deauthorize(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/deauthorize {page}: whoever manages it removes the application; tokens die."""
    page = page_of(world, need(call, "page"))["id"]
    person = manager_of(world, page)
    world.store.run("UPDATE token SET revoked = '458' WHERE network = 'facebook' AND account = ?", page)
    world.courier.send(
        network="facebook",
        account=page,
        kind="deauthorize",
        url=f"{world.environ.base_url}/hooks/meta/deauthorize/",
        headers=FORM,
        body=signed_form(world, person),
    )
    return {"user_id": person}


def ask_deletion(world: World, call: Call) -> dict[str, Any]:
    """POST /control/facebook/data_deletion {page}: that person asks for it; what the application answered."""
    person = manager_of(world, page_of(world, need(call, "page"))["id"])
    url = f"{world.environ.base_url}/hooks/meta/data-deletion/"
    request = urllib.request.Request(url, signed_form(world, person), FORM)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            told = json.loads(answer.read(MOST))
    except (OSError, ValueError) as error:
        status = f" ({error.code})" if isinstance(error, urllib.error.HTTPError) else ""
        raise Mistake(f"la aplicación no contestó como Meta pide{status}", 502) from error
    if not isinstance(told, dict) or not {"url", "confirmation_code"} <= told.keys():
        raise Mistake("la aplicación no dio dirección y código", 502)
    return {"user_id": person, "url": told["url"], "confirmation_code": told["confirmation_code"]}


def signed_form(world: World, person: str) -> bytes:
    """The body Meta posts: a signed request naming the person."""
    said = {"algorithm": "HMAC-SHA256", "issued_at": int(time.time()), "user_id": person, "expires": 0}
    payload = encoded(json.dumps(said).encode())
    signature = hmac.new(world.environ.fb_app_secret.encode(), payload, hashlib.sha256).digest()
    return urlencode({"signed_request": (encoded(signature) + b"." + payload).decode()}).encode()


def encoded(raw: bytes) -> bytes:
    """Base64url without padding, as Meta writes it."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=")
