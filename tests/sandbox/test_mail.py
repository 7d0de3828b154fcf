"""The local mail: a person writes on its page, and the boxes are read and written by SMTP and IMAP."""

from __future__ import annotations

import imaplib
import smtplib

import requests

from tests.sandbox.parts import Sandbox


def _ports(sandbox: Sandbox) -> tuple[int, int]:
    page = requests.get(f"{sandbox.url}/correo", timeout=5).text
    import re

    found = re.search(r"SMTP [\d.]+:(\d+) · IMAP [\d.]+:(\d+)", page)
    assert found, page[:500]
    return int(found[1]), int(found[2])


def test_what_is_written_on_the_page_is_read_by_imap(sandbox: Sandbox):
    _smtp, port = _ports(sandbox)
    told = {
        "empresa": "frailejon", "sender": "ana@correo.example", "to": "soporte@frailejon.example",
        "subject": "Señal", "text": "No abre la app, ñ.",
    }  # fmt: skip
    response = requests.post(f"{sandbox.url}/correo", data=told, timeout=5)
    assert response.status_code == 200

    imap = imaplib.IMAP4("127.0.0.1", port)
    imap.login("soporte@frailejon.example", "sandbox-mail")
    imap.select("INBOX", readonly=True)
    assert imap.uid("SEARCH", "UID", "1:100")[1] == [b"1"]
    imap.logout()


def test_what_is_handed_over_is_shown_and_can_be_answered(sandbox: Sandbox):
    port, _imap = _ports(sandbox)
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        smtp.login("soporte@frailejon.example", "sandbox-mail")
        smtp.sendmail(
            "soporte@frailejon.example", ["ana@correo.example"],
            "From: soporte@frailejon.example\r\nSubject: <b>Hola\r\nMessage-ID: <m1@f>\r\n\r\nYa quedó.\r\n".encode(),
        )  # fmt: skip

    box = f"{sandbox.url}/correo?empresa=frailejon&buzon=ana@correo.example"
    page = requests.get(box, timeout=5).text
    assert "Ya quedó." in page
    assert "&lt;b&gt;Hola" in page
    answer = requests.get(f"{box}&responde=1", timeout=5).text
    assert 'value="&lt;m1@f&gt;"' in answer
    assert "Re: &lt;b&gt;Hola" in answer


def test_the_control_calls_write_read_and_break(sandbox: Sandbox):
    sandbox.control(
        "POST", "/mail", {"from": "ana@correo.example", "to": "soporte@frailejon.example", "count": 3}
    )
    found = sandbox.control("GET", "/mail?box=soporte@frailejon.example")
    assert len(found["letters"]) == 3
    assert sandbox.control("PUT", "/mail/faults", {"greylist": 1})["faults"] == {"greylist": 1}
