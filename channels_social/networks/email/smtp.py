"""A letter handed to a mail server (RFC 5321), step by step: each step knows what its failure means."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl
from typing import Any

from channels_social.networks.base import NetworkError
from channels_social.networks.email import servers
from channels_social.networks.email.servers import Server

# RFC 5321 4.5.2: a line that begins with a dot gets another one.
_DOTS = re.compile(rb"(?m)^\.")


class _Smtp(smtplib.SMTP):
    def __init__(self, server: Server) -> None:
        self.server = server
        super().__init__(server.host, server.port, local_hostname="circunflejo.invalid")

    def _get_socket(self, host: str, port: int, timeout: Any) -> socket.socket:
        sock = servers.connect(self.server)
        if self.server.security != servers.TLS:
            return sock
        return servers.context().wrap_socket(sock, server_hostname=self.server.host)


def submit(server: Server, *, sender: str, recipient: str, content: bytes) -> None:
    """Hand a letter over; returns when the server has taken it. Raises :class:`NetworkError`.

    Until the content leaves, nothing can have happened (``later``, ``auth``, ``refused``). Once it has begun
    to leave, only the server's own word tells: without one the verdict is ``unknown``.
    """
    smtp = _ready(server)
    try:
        _envelope(smtp, sender, recipient)
        _content(smtp, content)
    finally:
        _leave(smtp)


def knock(server: Server) -> None:
    """Connect and log in, and go again. Raises :class:`NetworkError`."""
    _leave(_ready(server))


def _ready(server: Server) -> smtplib.SMTP:
    smtp = None
    try:
        smtp = _Smtp(server)
        smtp.ehlo_or_helo_if_needed()
        if server.security == servers.STARTTLS:
            smtp.starttls(context=servers.context())
            smtp.ehlo()
        if server.user:
            smtp.login(server.user, server.password)
    except NetworkError:
        raise
    except BaseException as error:
        if smtp is not None:
            smtp.close()
        raise _before(error) from None
    return smtp


def _before(error: BaseException) -> NetworkError:
    """What a failure before the letter was spoken of means."""
    match error:
        case smtplib.SMTPAuthenticationError() if error.smtp_code >= 500:
            return NetworkError("auth", "password_refused", _told(error.smtp_error))
        case smtplib.SMTPResponseException():
            return NetworkError("later", f"smtp_{error.smtp_code}", _told(error.smtp_error))
        case smtplib.SMTPNotSupportedError():
            return NetworkError("refused", "not_supported", str(error)[:200])
        case ssl.SSLCertVerificationError():
            return NetworkError("later", "certificate", error.verify_message[:200])
        case ssl.SSLError():
            return NetworkError("later", "tls", str(error.reason)[:200])
        case smtplib.SMTPException() | OSError() | ValueError():
            return NetworkError("later", "no_answer", type(error).__name__)
    raise error


def _envelope(smtp: smtplib.SMTP, sender: str, recipient: str) -> None:
    try:
        code, words = smtp.mail(sender)
        if code != 250:
            raise _no(code, words, "sender_refused")
        code, words = smtp.rcpt(recipient)
        if code not in (250, 251):
            raise _no(code, words, "address_refused")
        code, words = smtp.docmd("data")
        if code != 354:
            raise _no(code, words, "content_refused")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NetworkError("later", "no_answer", type(error).__name__) from None


def _content(smtp: smtplib.SMTP, content: bytes) -> None:
    dotted = _DOTS.sub(b"..", b"\r\n".join(content.splitlines()))
    try:
        smtp.send(dotted + b"\r\n.\r\n")
        code, words = smtp.getreply()
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise NetworkError("unknown", "no_answer", type(error).__name__) from None
    if code != 250:
        raise _no(code, words, "too_large" if code == 552 else "content_refused")


def _no(code: int, words: bytes, refused: str) -> NetworkError:
    """RFC 5321 4.2.1: 4yz may work later, 5yz never."""
    if 400 <= code < 500:
        return NetworkError("later", f"smtp_{code}", _told(words))
    return NetworkError("refused", refused, f"{code} {_told(words)}")


def _told(words: bytes | str) -> str:
    return (words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words))[:200]


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (smtplib.SMTPException, OSError):
        smtp.close()
