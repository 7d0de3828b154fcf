"""What is wrong with a protocol before it is published. Pure; the words are the screen's."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import dataclass
from urllib.parse import urlsplit

from protocols.guides.enums import CHECKS, MEANS, DestinationKind
from protocols.guides.rules.guide import Guide, amount_of

MOST_STEPS, MOST_ROWS = 20, 12
STEP_LENGTH, TEXT_LENGTH = 200, 4000


@dataclass(frozen=True, slots=True)
class Wrong:
    """A code and what it is about: a step, a name, an address."""

    code: str
    about: str = ""


def wrongs_of(guide: Guide, *, motives: Container[str], taken: Container[str] = ()) -> list[Wrong]:
    """Everything that keeps a protocol from being published. ``motives`` are the tree's; ``taken`` have another one."""
    found = [] if guide.name.strip() else [Wrong("no_name")]
    found += _about_motives(guide, motives, taken)
    if not guide.text.strip() and not guide.steps:
        found.append(Wrong("empty"))
    if len(guide.text) > TEXT_LENGTH:
        found.append(Wrong("long_text", str(TEXT_LENGTH)))
    if len(guide.steps) > MOST_STEPS:
        found.append(Wrong("many_steps", str(MOST_STEPS)))
    return found + _about_steps(guide) + _about_destinations(guide) + _about_attributions(guide)


def _about_motives(guide: Guide, motives: Container[str], taken: Container[str]) -> list[Wrong]:
    found = [] if guide.motives else [Wrong("no_motive")]
    found += [Wrong("gone_motive", key) for key in guide.motives if key not in motives]
    return found + [Wrong("taken_motive", key) for key in guide.motives if key in taken]


def _about_steps(guide: Guide) -> list[Wrong]:
    found = []
    for step in guide.steps:
        if len(step.text) > STEP_LENGTH:
            found.append(Wrong("long_step", step.text[:40]))
        if step.identity not in CHECKS or (step.means and step.means not in MEANS):
            found.append(Wrong("bad_check", step.text[:40]))
        elif step.identity == "verified" and not step.means:
            found.append(Wrong("no_means", step.text[:40]))
    return found


def _about_destinations(guide: Guide) -> list[Wrong]:
    found = []
    for one in guide.destinations:
        if one.kind not in DestinationKind.values:
            found.append(Wrong("bad_destination", one.kind))
        elif DestinationKind(one.kind).needs_address and not _is_address(one.value):
            found.append(Wrong("bad_address", one.label or one.value))
        elif one.kind == DestinationKind.AREA and not one.value.strip():
            found.append(Wrong("no_area", one.label))
    return found


def _is_address(text: str) -> bool:
    """A page of the web that is read by nobody on the way."""
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in parts.netloc and not any(one.isspace() for one in text)


def _about_attributions(guide: Guide) -> list[Wrong]:
    found = []
    for one in guide.attributions:
        agent, supervisor = amount_of(one.agent), amount_of(one.supervisor)
        if not one.name.strip() or not one.unit.strip():
            found.append(Wrong("nameless_attribution", one.name or one.unit))
        said = [text for text in (one.agent, one.supervisor) if text.strip()]
        if not said or any(amount_of(text) is None for text in said):
            found.append(Wrong("bad_amount", one.name))
        elif agent and supervisor and supervisor < agent:
            found.append(Wrong("upside_down", one.name))
    return found
