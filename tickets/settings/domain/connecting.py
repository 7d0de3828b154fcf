"""Connecting an account: what is remembered while the person is away at the network, and what comes of it.

The same steps for the sandbox and the real networks. Nothing external happens inside a transaction.
"""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from channels_social.domain.accounts import connect_account
from channels_social.enums import AccountMode, Network
from channels_social.models import SocialAccount
from channels_social.networks import registry
from channels_social.networks.base import NetworkError
from helpdesk import clock
from helpdesk.secrets.crypto import CannotOpen, vault
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tickets.settings.domain.accounts import hold, show_everywhere
from tickets.settings.domain.organization import give_policy
from tickets.settings.models import AccountPolicy

logger = logging.getLogger(__name__)
LASTS_S = 600
# Somebody may begin in several tabs; more than this is no longer a person.
MOST = 5
ATTEMPTS, OFFERED = "connecting", "offered_pages"


class Problem(Exception):
    """Connecting failed. The words are for the admin: what happened, and what to do next."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What is kept in the session, by ``state``, until the person comes back from the network."""

    organization_id: int
    slug: str
    network: str
    verifier: str
    at: float
    mode: str = AccountMode.FULL
    # The account that is being reconnected: nobody should connect another one by mistake.
    expected_id: str = ""
    expected_name: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An account somebody lent us, before it is stored."""

    external_id: str
    name: str
    credentials: dict[str, Any]
    handle: str = ""
    expires_at: Any = None
    capabilities: dict[str, Any] | None = None
    # A keyed digest of who lends it, where the network tells.
    authorized_by: str = ""


def redirect_uri(network: str) -> str:
    """Where the network sends the person back to; registered there letter by letter."""
    return settings.BASE_URL + reverse("connect_callback", args=[network])


def remember(session: Any, state: str, attempt: Attempt) -> None:
    """Keep an attempt under its state, with the newest others."""
    kept = {key: value for key, value in session.get(ATTEMPTS, {}).items() if _is_fresh(value["at"])}
    newest = sorted(kept.items(), key=lambda item: item[1]["at"])[-(MOST - 1) :]
    session[ATTEMPTS] = dict(newest) | {state: asdict(attempt)}


def recall(session: Any, state: str, network: str) -> Attempt | None:
    """Take an attempt out: a state works once, for its network, for ten minutes."""
    attempts = dict(session.get(ATTEMPTS, {}))
    found = attempts.pop(state, None)
    session[ATTEMPTS] = attempts
    if found is None or found["network"] != network or not _is_fresh(found["at"]):
        return None
    return Attempt(**found)


def _is_fresh(at: float) -> bool:
    return clock.now().timestamp() - at < LASTS_S


def offer(session: Any, attempt: Attempt, found: list[Found]) -> None:
    """Keep pages, with their tokens sealed, until the person has chosen among them."""
    content = {"attempt": asdict(attempt), "found": [asdict(one) for one in found]}
    session[OFFERED] = base64.b64encode(vault().seal(json.dumps(content))).decode()


def offered(session: Any, organization: Organization) -> tuple[Attempt, list[Found]] | None:
    """The pages this organization may choose among; None when there are none, or not any more."""
    try:
        content = json.loads(vault().open(base64.b64decode(session.get(OFFERED, ""))))
    except (CannotOpen, ValueError):
        return None
    attempt = Attempt(**content["attempt"])
    if attempt.organization_id != organization.pk or not _is_fresh(attempt.at):
        return None
    return attempt, [Found(**one) for one in content["found"]]


def forget(session: Any) -> None:
    """Nothing is offered any more."""
    session.pop(OFFERED, None)


def connect(found: Found, attempt: Attempt, *, by: Membership) -> SocialAccount:
    """Store an account with its calendar and voice. Inside ``tenant``. Raises :class:`Problem`."""
    organization = by.organization
    former = SocialAccount.objects.filter(network=attempt.network, external_id=found.external_id).first()
    try:
        account = _store(found, attempt, former, by)
    except IntegrityError:
        raise Problem(
            _(
                "%(name)s ya está conectada por otra empresa en este sistema, y una cuenta la atiende una "
                "sola. Pida a esa empresa que la desconecte, o escriba a quien administra este servidor."
            )
            % {"name": shown(found)}
        ) from None
    give_policy(account, voice=voice_of(organization))
    if account.mode == AccountMode.READ_ONLY:
        hold(account)
    show_everywhere(account)
    return account


@transaction.atomic
def _store(found: Found, attempt: Attempt, former: SocialAccount | None, by: Membership) -> SocialAccount:
    can = registry.get(attempt.network).default_capabilities | (former.capabilities if former else {})
    return connect_account(
        organization_id=by.organization_id,
        network=attempt.network,
        external_id=found.external_id,
        handle=found.handle,
        name=found.name[:120],
        credentials=found.credentials,
        expires_at=found.expires_at,
        capabilities=can | (found.capabilities or {}),
        mode=attempt.mode,
        authorized_by=found.authorized_by,
        actor_id=by.pk,
    )


def voice_of(organization: Organization) -> str:
    """How the organization speaks already; else as its sector does (care.md 5)."""
    known = AccountPolicy.objects.order_by("id").values_list("voice", flat=True).first()
    return known or ("usted" if organization.sector == "bank" else "tu")


def shown(found: Found) -> str:
    """The account as its owner calls it."""
    return f"@{found.handle}" if found.handle else found.name


def is_expected(attempt: Attempt, found: Found) -> bool:
    """Whether this is the account that was to be reconnected; any is, when none was named."""
    return not attempt.expected_id or attempt.expected_id == found.external_id


def check_expected(attempt: Attempt, found: Found) -> None:
    """Refuse another account than the one that was to be reconnected. Raises :class:`Problem`."""
    if not is_expected(attempt, found):
        raise Problem(
            _(
                "Usted autorizó %(given)s, y quería volver a conectar %(wanted)s. No se cambió nada: entre en "
                "%(network)s con la cuenta correcta y vuelva a empezar."
            )
            % {
                "given": shown(found),
                "wanted": attempt.expected_name,
                "network": Network(attempt.network).label,
            }
        )


def told(error: NetworkError, network: str) -> Problem:
    """A network's refusal in words."""
    name = Network(network).label
    if error.verdict == "auth":
        return Problem(
            _(
                "%(network)s no aceptó el permiso: pudo pasar demasiado tiempo, o ya se había usado. No se "
                "conectó nada. Vuelva a empezar y autorice sin demorarse."
            )
            % {"network": name}
        )
    return Problem(
        _("%(network)s no responde ahora. No se conectó nada: vuelva a intentarlo en unos minutos.")
        % {"network": name}
    )


def listen(account: SocialAccount, subscribe: Callable[[], None]) -> bool:
    """Ask the network to tell us at once; whether it will. Outside any transaction; polling goes on anyway."""
    try:
        subscribe()
    except (NetworkError, KeyError) as error:  # KeyError: an answer without the id it should have
        logger.warning("account %s gets no deliveries: %s", account.pk, error)
        is_pushed = False
    else:
        is_pushed = True
    with tenant(account.organization_id):
        account.capabilities = account.capabilities | {"push": is_pushed}
        SocialAccount.objects.filter(pk=account.pk).update(capabilities=account.capabilities)
    return is_pushed
