"""What the case form may ask: what the protocol of the probable motive names, and nothing else. Inside ``tenant``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from helpdesk import clock
from helpdesk.tenancy.models import Organization
from helpdesk.text import fold
from protocols.guides.domain.queries.pages import protocol_for
from protocols.guides.rules.guide import guide_of
from protocols.typification.domain.queries.published import published
from tickets.clocks.domain.legal import legal_rules

# Below this the words of a customer say nothing about a motive (protocols.typification.rules.ranking: a synonym is 1.5
# times its rarity).
SURE = 1.5
DOCUMENTS = ("documento", "cedula", "dni", "nie", "curp", "rfc", "rut", "identificacion", "pasaporte")


@dataclass(frozen=True, slots=True)
class Extra:
    """A datum that may be asked; ``is_document`` is kept sealed and never among the words."""

    name: str
    label: str
    is_document: bool


def motive_for(organization: Organization, text: str, kind: str) -> str:
    """The key of the motive the words say; empty where they say none."""
    tree = published(organization.pk)
    found = tree.motives.suggest(text, kind=kind, most=1) if tree else []
    return found[0].key if found and found[0].score >= SURE and found[0].reasons else ""


def extras_for(organization: Organization, motive: str) -> list[Extra]:
    """What the published protocol of the motive lets us ask in private."""
    page = protocol_for(organization.pk, motive) if motive else None
    if page is None or page.version is None:
        return []
    labels = guide_of(page.version.document).data
    return [Extra(f"d{place}", label, is_document(label)) for place, label in enumerate(labels)]


def is_document(label: str) -> bool:
    """Whether what is asked is an identity document itself; its kind alone is none."""
    words = fold(label)
    return words.startswith(("numero de", "documento de", *DOCUMENTS)) and any(
        one in words for one in DOCUMENTS
    )


@dataclass(frozen=True, slots=True)
class Term:
    """What the law gives to answer that kind, from now."""

    days: int
    unit: str
    due_at: datetime


def term_for(organization: Organization, kind: str) -> Term | None:
    """The legal term of a kind received now; None where none holds."""
    row = legal_rules(organization).start(kind, clock.now()) if kind else None
    if row is None or row.due_at is None:
        return None
    return Term(row.why["days"], row.why["unit"], row.due_at)
