"""A customer's message, judged with what intake knows of where it was said. Pure."""

from __future__ import annotations

from channels_social.networks.base import IncomingMessage
from tickets.intake.known import Known
from tickets.intake.plan import Said
from tickets.triage.engine import Context, Verdict, judge

_NOBODY: frozenset[str] = frozenset()


def judge_said(said: Said, item: IncomingMessage, known: Known) -> Verdict:
    """Judge a message and note it on ``said``: courtesy, noise, and the verdict with its reasons.

    A picture or an encrypted text may say anything: neither is courtesy, and without clear words not noise.
    """
    context = Context(
        known.handles.get(said.account_id, _NOBODY),
        is_to_us=said.network != "x" or not said.is_public,
        is_private=not said.is_public,
        offsets=known.offsets,
    )
    verdict = judge(item.text, context)
    is_readable = not said.is_encrypted and not said.media
    said.is_courtesy = item.is_quiet or (verdict.courtesy and is_readable)
    said.is_noise = verdict.is_noise and not said.is_courtesy and (is_readable or _speaks(said, verdict))
    said.is_bare_insult = verdict.is_bare_insult and is_readable
    said.verdict = as_stored(verdict)
    return verdict


def judge_told(text: str) -> Verdict:
    """Judge what somebody told a colleague or another system: said to us, in private, and never noise."""
    return judge(text, Context(is_to_us=True, is_private=True))


def _speaks(said: Said, verdict: Verdict) -> bool:
    return not said.is_encrypted and len(verdict.clues.words.written) > _FEW


# Words that a picture cannot take back: an advertisement with its image is one all the same.
_FEW = 8


def as_stored(verdict: Verdict) -> dict[str, object]:
    """Return a verdict as the message keeps it."""
    return {
        "service": round(verdict.confidence, 3),
        "kind": verdict.kind,
        "urgency": verdict.urgency,
        "abusive": verdict.abusive,
        "threat": verdict.threat,
        "language": verdict.language,
        "reasons": list(verdict.reasons),
    }
