"""People of every preset beside the cast's, a brand account, and cases of several accounts."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from channels_social.enums import Purpose
from channels_social.models import SocialAccount
from channels_social.networks.base import Author
from helpdesk.tenancy.context import enter, tenant
from helpdesk.tenancy.models import Membership
from tests.cast import Cast, account
from tests.stories import hear, mention
from tickets.cases.access import MemberAccount
from tickets.cases.models import Ticket
from tickets.settings.domain.organization import invite

PEOPLE = {"marketing": "MK", "auditor": "AU", "area": "AR", "supervisor": "SP", "admin": "AD"}


@pytest.fixture
def people(cast: Cast) -> SimpleNamespace:
    """One more of each preset: ``marketing``, ``auditor``, ``area``, a second ``supervisor`` and ``admin``."""
    made = {
        role: invite(
            cast.bank, email=f"{role}2@frailejon.example", name=role.title(), initials=initials, role=role,
            password="clave-larga-1",
        )
        for role, initials in PEOPLE.items()
    }  # fmt: skip
    return SimpleNamespace(agent=cast.juan, trainee=cast.andres, paola=cast.paola, **made)


@pytest.fixture
def brand(cast: Cast) -> SocialAccount:
    """The bank's brand account on X."""
    made = account(cast.bank, "x", "1800000000000000009", "Frailejon")
    with tenant(cast.bank.pk):
        SocialAccount.objects.filter(pk=made.pk).update(purpose=Purpose.BRAND)
        made.refresh_from_db()
    return made


@pytest.fixture
def say(cast: Cast) -> Callable[..., Ticket]:
    """A case out of one mention by somebody new; ``account`` is where it was said."""
    count = iter(range(1, 1000))

    def said(text: str, *, account: Any = None, **facts: Any) -> Ticket:
        number = next(count)
        author = Author(str(5000 + number), "user", f"Persona {number}", f"persona{number}")
        # What asks for nothing opens no case.
        hear(
            cast,
            mention(text if "?" in text else f"{text}. Necesito ayuda", number=number, author=author),
            account=account,
        )
        with tenant(cast.bank.pk):
            ticket = Ticket.objects.select_related("organization").latest("pk")
            if facts:
                Ticket.objects.filter(pk=ticket.pk).update(**facts)
                ticket.refresh_from_db()
        return ticket

    return said


@pytest.fixture
def limit() -> Callable[..., Membership]:
    """Limit a member to some accounts."""

    def limited(member: Membership, *accounts: SocialAccount) -> Membership:
        with tenant(member.organization_id):
            member.is_limited = True
            member.save(update_fields=["is_limited"])
            for one in accounts:
                MemberAccount.objects.create(
                    organization_id=member.organization_id, member=member, account=one
                )
        return member

    return limited


@pytest.fixture
def at() -> Callable[[Membership], Client]:
    """A browser of its own for each person."""

    def browser(member: Membership) -> Client:
        client = Client()
        client.force_login(member.user)
        return client

    return browser


@pytest.fixture
def seen_by() -> Callable[[Membership], set[int]]:
    """The cases the database shows a member."""

    def seen(member: Membership) -> set[int]:
        with tenant(member.organization_id):
            enter(member.organization_id, member_id=member.pk, scope=member.scope)
            found = set(Ticket.objects.values_list("pk", flat=True))
            enter(member.organization_id)
        return found

    return seen
