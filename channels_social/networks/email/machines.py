"""Mail that no person wrote to us: answers of machines, notices of failure, lists, our own. Pure.

RFC 3834 (Auto-Submitted), RFC 2369/2919 (List-*), Microsoft's X-Auto-Response-Suppress, and the habits of
programs older than all of them. To such mail nothing is ever answered by itself, and it reopens nothing.
"""

from __future__ import annotations

import re
from email.message import Message

from channels_social.networks.email.addresses import words_of

OWN, BOUNCE, LIST, AUTO = "own", "bounce", "list", "auto_reply"
_LISTS = ("list-id", "list-unsubscribe", "list-post", "list-help")
_BULK = {"bulk", "list", "junk"}
_DAEMONS = re.compile(r"^(?:mailer-daemon|postmaster|mail-daemon)@", re.I)
_AWAY = re.compile(
    r"^(?:(?:re|rv|fwd?)\s*:\s*)?(?:respuesta autom[aá]tica|auto(?:matic)?[ -]?(?:reply|respuesta)"
    r"|out of (?:the )?office|fuera de (?:la )?oficina|estoy de vacaciones|ausente)\b",
    re.I,
)
_FORGED = re.compile(r"\bdmarc\s*=\s*fail\b", re.I)


def kind_of(mail: Message, sender: str, own: str) -> str:
    """Why it asks for no answer; empty for a person's mail."""
    if sender == own:
        return OWN
    if _is_bounce(mail, sender):
        return BOUNCE
    if _is_automatic(mail):
        return AUTO
    if any(mail.get(name) for name in _LISTS) or str(mail.get("precedence", "")).strip().lower() in _BULK:
        return LIST
    return ""


def _is_bounce(mail: Message, sender: str) -> bool:
    path = mail.get("return-path")
    if path is not None and str(path).strip() == "<>":
        # An empty return path forbids answering (RFC 5321 4.5.5); out-of-office notices have it too.
        return mail.get_content_type() == "multipart/report" or bool(_DAEMONS.match(sender))
    report = mail.get_content_type() == "multipart/report"
    return (
        report
        and str(mail.get_param("report-type", "")).lower() == "delivery-status"
        or bool(_DAEMONS.match(sender))
    )


def _is_automatic(mail: Message) -> bool:
    submitted = str(mail.get("auto-submitted", "")).split(";")[0].strip().lower()
    if submitted and submitted != "no":
        return True
    suppressed = str(mail.get("x-auto-response-suppress", "")).lower()
    if mail.get("return-path") is not None and str(mail.get("return-path")).strip() == "<>":
        return True
    if mail.get("x-autoreply") or mail.get("x-autorespond") or mail.get("x-autoresponder"):
        return True
    if str(mail.get("precedence", "")).strip().lower() in {"auto_reply", "auto-reply"}:
        return True
    away = bool(_AWAY.match(words_of(mail.get("subject", ""))))
    # Exchange writes this header on people's mail too; with «all» or an away subject it is a machine's.
    return away or "all" in re.split(r"[,\s]+", suppressed)


def is_forged(mail: Message) -> bool:
    """Whether the server that received it judged the sender false (RFC 8601, its own header stands on top)."""
    told = mail.get_all("authentication-results") or []
    return bool(told) and bool(_FORGED.search(str(told[0])))
