"""Who may come in through an organization's provider, and what such a session opens.

A person is found by an address the provider says is verified, within the organization's domains, and from the first
time on by the provider's own name for them. The session opens that organization only: its provider says who
somebody is there, and nothing of them elsewhere.
"""

from __future__ import annotations

import time
from typing import Any, NoReturn

import requests
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _

from helpdesk import audit, clock
from helpdesk.push import publish
from helpdesk.tenancy import SIGNED_ON
from helpdesk.tenancy.adapter import AccountAdapter
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, User
from helpdesk.tenancy.permissions import Role
from helpdesk.tenancy.provider import GuardedSession
from helpdesk.tenancy.sign_on import SignOn, sign_on_of
from helpdesk.tenancy.sign_on_words import of_entrance

# A working day: then the provider is asked again, and who has left there has left here.
SESSION_SECONDS = 8 * 3600


class EntranceAdapter(AccountAdapter):
    """Ordinary log-ins stay as they are; those of a provider are marked with whose it is."""

    def post_login(self, request: HttpRequest, user: Any, *, signal_kwargs: Any, **kwargs: Any) -> Any:
        social = (signal_kwargs or {}).get("sociallogin")
        request.session.pop(SIGNED_ON, None)
        if social is not None:
            organization = Organization.objects.get(slug=social.account.provider)
            now = time.time()
            request.session[SIGNED_ON] = {
                "organization": organization.pk, "slug": organization.slug, "at": now, "until": now + SESSION_SECONDS,
            }  # fmt: skip
        return super().post_login(request, user, signal_kwargs=signal_kwargs, **kwargs)

    def logout(self, request: HttpRequest) -> None:
        """Whoever leaves is not there any more, wherever they work."""
        from tickets.team.domain.presence import leave_everywhere

        if request.user.is_authenticated:
            leave_everywhere(request.user.pk)
        super().logout(request)


class SignOnAdapter(DefaultSocialAccountAdapter):
    """allauth's questions, answered by the organization's row."""

    def get_requests_session(self) -> requests.Session:
        return GuardedSession()

    def list_apps(self, request: Any, provider: Any = None, client_id: Any = None) -> list[SocialApp]:
        """The one provider of the organization whose slug ``provider`` is, when it works."""
        organization = Organization.objects.filter(slug=provider).first()
        if organization is None:
            return []
        with tenant(organization.pk):
            row = sign_on_of(organization)
        if row is None or (client_id and client_id != row.client_id):
            return []
        return [
            SocialApp(
                provider="openid_connect",
                provider_id=organization.slug,
                name=organization.name,
                client_id=row.client_id,
                secret=row.secret,
                settings={"server_url": row.issuer, "oauth_pkce_enabled": True},
            )
        ]

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Any = None,
        extra_context: Any = None,
    ) -> None:
        """The provider said no: what it had opened in this browser is over, and everywhere for this person."""
        entered = request.session.get(SIGNED_ON)
        if error is not None and exception is None and entered and request.user.is_authenticated:
            state = (extra_context or {}).get("state")
            if state is not None and provider is not None and entered["slug"] == provider.app.provider_id:
                _end(entered["organization"], request.user.pk)
                request.session.flush()
        slug = provider.app.provider_id if provider else ""
        if exception is None or isinstance(exception, PermissionDenied):
            refuse(request, "provider", slug)
        turn_away(request, of_entrance(exception), slug)

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the member, or refuse."""
        slug = sociallogin.account.provider
        organization = Organization.objects.filter(slug=slug).first()
        if organization is None or sociallogin.state.get("process") != "login":
            refuse(request, "unknown", slug)
        with transaction.atomic(), tenant(organization.pk):
            code, user = _person(organization, sociallogin)
        if user is None:
            refuse(request, code, slug)
        sociallogin.user = user


def _person(organization: Organization, sociallogin: SocialLogin) -> tuple[str, User | None]:
    """The user who came, or the reason why nobody did. Inside ``tenant``."""
    row = sign_on_of(organization)
    verified = [one.email.strip().lower() for one in sociallogin.email_addresses if one.verified is True]
    if row is None or not verified:
        return "unverified", None
    email = verified[0]
    if not row.lets_in(email):
        return "domain", None
    subject = f"{row.issuer.rstrip('/')} {sociallogin.account.uid}"[:400]
    members = Membership.objects.select_for_update(of=("self",)).select_related("user")
    member = members.filter(organization=organization, user__email=email).first()
    if member is None:
        return _newcomer(organization, row, email, subject, sociallogin)
    # The address was somebody else's at this provider before, or this person has another address now.
    same_issuer = member.subject.partition(" ")[0] == row.issuer.rstrip("/")
    others = Membership.objects.filter(organization=organization, subject=subject).exclude(pk=member.pk)
    if (member.subject and same_issuer and member.subject != subject) or others.exists():
        return "subject", None
    if not member.is_active or not member.user.is_active:
        audit.record(organization.pk, "member.refused", member=member.pk, code="inactive")
        return "inactive", None
    if member.subject != subject:
        Membership.objects.filter(pk=member.pk).update(subject=subject)
    audit.record(organization.pk, "member.entered", actor_id=member.pk, member=member.pk)
    return "", member.user


def _newcomer(
    organization: Organization, row: SignOn, email: str, subject: str, sociallogin: SocialLogin
) -> tuple[str, User | None]:
    """Whoever arrives without having been invited, where the organization lets them."""
    from tickets.settings.domain.organization import invite
    from tickets.settings.domain.team import suggest_initials

    if not row.default_role or row.default_role in (Role.ADMIN, Role.SUPERVISOR, Role.AUDITOR):
        return "not_invited", None
    claims = sociallogin.account.extra_data.get("id_token", {})
    name = " ".join(str(claims.get("name") or email.partition("@")[0]).split())[:80]
    taken = Membership.objects.filter(organization=organization).values_list("initials", flat=True)
    initials = suggest_initials(name, taken) or suggest_initials(email.partition("@")[0], taken)
    if not initials:
        return "not_invited", None
    member = invite(
        organization, email=email, name=name, initials=initials, role=row.default_role, needs_training=True
    )
    Membership.objects.filter(pk=member.pk).update(subject=subject)
    audit.record(organization.pk, "member.entered", actor_id=member.pk, member=member.pk, is_new=True)
    return "", member.user


def _end(organization_id: int, user_id: int) -> None:
    with tenant(organization_id):
        member = Membership.objects.filter(organization_id=organization_id, user_id=user_id).first()
        if member is not None:
            end_sessions(member, code="provider")


def end_sessions(member: Membership, *, code: str) -> None:
    """What the provider had opened for this member is over now, open consoles included. Inside ``tenant``."""
    Membership.objects.filter(pk=member.pk).update(refused_at=clock.now())
    audit.record(member.organization_id, "member.refused", member=member.pk, code=code)
    organization_id = member.organization_id
    transaction.on_commit(lambda: publish(organization_id, [("rights", "{}")]))


def refuse(request: HttpRequest, code: str, slug: str) -> NoReturn:
    """Say why nobody came in; nothing about whether an address is known here."""
    words = {
        "unverified": _(
            "Su proveedor no dice que su correo esté verificado: pídaselo a quien lo administra."
        ),
        "domain": _("Su correo no es de los dominios de esta empresa."),
        "subject": _(
            "Ese correo entró antes con otra cuenta de su proveedor: pida ayuda a quien administra el equipo."
        ),
        "provider": _("Su proveedor no lo dejó entrar."),
    }.get(code, _("Su usuario no pertenece a esta empresa. Pida a quien administra el equipo que lo invite."))
    turn_away(request, words, slug)


def turn_away(request: HttpRequest, words: str, slug: str) -> NoReturn:
    """The page of who could not come in."""
    raise ImmediateHttpResponse(
        render(request, "account/sign_on_refused.html", {"words": words, "slug": slug}, status=403)
    )
