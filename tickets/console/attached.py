"""The files of an answer that is being written, as the composer shows them, and what each way takes.

Inside ``tenant``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from channels_social.enums import Network
from channels_social.networks.base import FileRules
from helpdesk.ui.addresses import address
from tickets.cases.models import Ticket
from tickets.replies.domain.files import Chosen, rules_for, waiting
from tickets.replies.domain.targets import Target
from tickets.replies.models import Upload
from tickets.replies.sentences import sentence

PDF, MEGABYTE = "application/pdf", 1024 * 1024


@dataclass(frozen=True, slots=True)
class Attached:
    """A file of the list. See ``_attached.html``."""

    id: int
    name: str
    size_label: str
    content_type: str
    size: int
    is_image: bool
    url: str
    alt: str = ""


def attached(row: Upload, slug: str, alt: str | None = None) -> Attached:
    """One file as it is shown to its author."""
    media = row.media
    return Attached(
        id=row.pk,
        name=media.name,
        size_label=filesizeformat(media.size),
        content_type=media.content_type,
        size=media.size or 0,
        is_image=media.content_type.startswith("image/"),
        url=address("upload", slug, row.pk),
        alt=row.alt if alt is None else alt,
    )


def chosen_in(form: Any) -> list[Chosen]:
    """The files a composer that was sent names: ``file`` many times, ``alt-<id>`` for each that has one."""
    numbers = [int(one) for one in form.getlist("file") if one.isascii() and one.isdigit() and len(one) < 19]
    return [Chosen(number, form.get(f"alt-{number}", "")) for number in dict.fromkeys(numbers)]


def still_attached(ticket: Ticket, member: Any, chosen: Iterable[Chosen], slug: str) -> list[Attached]:
    """Those of a composer that comes back, as long as they are there."""
    alts = {one.upload_id: one.alt for one in chosen}
    if not alts:
        return []
    return [attached(row, slug, alts[row.pk]) for row in waiting(ticket, member) if row.pk in alts]


def taken(target: Target | None) -> dict[str, Any]:
    """What files may leave this way, in words and for the page to check before anything is sent."""
    if target is None:
        return {}
    rules = rules_for(target)
    return {
        "files": rules.most,
        # Somebody can do something about it.
        "file_why": rules.why,
        "file_types": " ".join(rules.types),
        "file_bytes": rules.most_bytes,
        "file_all_bytes": rules.most_in_all,
        "file_hint": _hint(rules, target.account.network, get_language()),
    }


@lru_cache(maxsize=64)
def _hint(rules: FileRules, network: str, _language: str | None) -> str:
    if not rules.most:
        return sentence(rules.why) if rules.why else _("Por aquí no se pueden enviar archivos.")
    if PDF in rules.types:
        words = ngettext(
            "va %(most)s archivo, imagen JPG o PNG o PDF, de hasta %(size)s MB.",
            "van hasta %(most)s archivos, imágenes JPG o PNG o PDF, de hasta %(size)s MB cada uno.",
            rules.most,
        )
    else:
        words = ngettext(
            "va %(most)s imagen JPG o PNG de hasta %(size)s MB.",
            "van hasta %(most)s imágenes JPG o PNG de hasta %(size)s MB cada una.",
            rules.most,
        )
    said = f"{Network(network).label}: {words % {'most': rules.most, 'size': rules.most_bytes // MEGABYTE}}"
    return f"{said} {_('Cada uno sale después del texto, en un mensaje aparte.')}" if rules.apart else said
