"""An admin connects a support address: tried first, in clear sentences, its password sealed."""

from __future__ import annotations

import datetime
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client

from channels_social.domain.accounts import connect_account, credentials_of
from channels_social.models import PollCursor, SocialAccount
from channels_social.sandbox.mail.post import PASSWORD
from channels_social.sandbox.mail.start import Running
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tests.mail_house import SUPPORT, credentials
from tickets.settings.models import AccountPolicy

URL = "/frailejon/ajustes/cuentas/correo/"


@pytest.fixture
def server(settings: Any) -> Iterator[Running]:
    settings.MAIL_TRUSTED_HOSTS = ["127.0.0.1"]
    with Running() as found:
        yield found


def _typed(server: Running, **more: Any) -> dict[str, Any]:
    return {
        "address": SUPPORT, "name": "Banco Frailejón", "password": PASSWORD,
        "imap_host": server.host, "imap_port": server.imap_port, "imap_security": "none",
        "smtp_host": server.host, "smtp_port": server.smtp_port, "smtp_security": "none",
    } | more  # fmt: skip


def _accounts(cast: Cast) -> list[SocialAccount]:
    with tenant(cast.bank.pk):
        return list(SocialAccount.objects.filter(network="email"))


@pytest.fixture
def admin(cast: Cast, log_in: Any) -> Client:
    client: Client = log_in(cast.marta)
    return client


def test_an_address_is_connected_and_its_password_sealed(cast: Cast, admin: Client, server: Running):
    assert admin.post(URL, _typed(server)).status_code == 302

    [account] = _accounts(cast)
    assert account.external_id == SUPPORT
    assert PASSWORD.encode() not in bytes(account.credentials or b"")
    assert credentials_of(account)["password"] == PASSWORD
    with tenant(cast.bank.pk):
        assert set(PollCursor.objects.filter(account=account).values_list("stream", flat=True)) == {
            "inbox",
            "sent",
        }
        assert AccountPolicy.objects.filter(account=account).exists()


def test_trying_connects_nothing(cast: Cast, admin: Client, server: Running):
    response = admin.post(URL, _typed(server, probe="1"))

    assert response.status_code == 200
    assert response.content.decode().count("Entró bien.") == 2
    assert _accounts(cast) == []


def test_a_wrong_password_says_so_and_connects_nothing(cast: Cast, admin: Client, server: Running):
    response = admin.post(URL, _typed(server, password="otra"))

    assert response.status_code == 422
    assert response.content.decode().count("no acepta el usuario o la contraseña") == 2
    assert _accounts(cast) == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"imap_port": 1}, "no contesta"),
        (
            {"imap_host": "no-existe.invalid", "imap_security": "tls", "imap_port": 993},
            "no existe con ese nombre",
        ),
        ({"imap_security": "tls"}, "no habla el cifrado elegido"),
        ({"smtp_security": "starttls"}, "no ofrece STARTTLS"),
    ],
)
def test_each_trouble_has_its_sentence(admin: Client, server: Running, typed: dict[str, Any], said: str):
    response = admin.post(URL, _typed(server, probe="1", **typed))

    assert response.status_code == 422
    assert said in response.content.decode()


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "169.254.169.254", "10.0.0.1", "[::1]", "0.0.0.0"]
)
def test_the_form_is_no_way_into_this_house(admin: Client, server: Running, settings: Any, host: str):
    settings.MAIL_TRUSTED_HOSTS = []
    more = {"imap_host": host, "imap_port": 993, "imap_security": "tls",
            "smtp_host": host, "smtp_port": 465, "smtp_security": "tls"}  # fmt: skip
    response = admin.post(URL, _typed(server, probe="1", **more))

    assert response.status_code == 422
    assert "Entró bien" not in response.content.decode()
    assert server.post.handed == []


def test_nothing_goes_unencrypted_to_a_stranger(admin: Client, server: Running):
    response = admin.post(URL, _typed(server, imap_host="mail.example.com", imap_port=143))

    assert response.status_code == 422
    assert "viajaría a la vista" in response.content.decode()


def test_a_blank_password_keeps_the_one_that_is_sealed(cast: Cast, admin: Client, server: Running):
    admin.post(URL, _typed(server))
    [account] = _accounts(cast)

    response = admin.post(f"{URL}{account.pk}/", _typed(server, password="", name="Otro nombre"))

    assert response.status_code == 302
    [after] = _accounts(cast)
    assert credentials_of(after)["password"] == PASSWORD
    assert credentials_of(after)["name"] == "Otro nombre"


def test_the_sealed_password_is_never_shown(cast: Cast, admin: Client, server: Running):
    admin.post(URL, _typed(server))
    [account] = _accounts(cast)

    assert PASSWORD not in admin.get(f"{URL}{account.pk}/").content.decode()


def test_an_address_belongs_to_one_organization(cast: Cast, admin: Client, server: Running):
    with tenant(cast.airline.pk):
        connect_account(
            organization_id=cast.airline.pk, network="email", external_id=SUPPORT, name=SUPPORT,
            credentials=credentials(server, SUPPORT),
        )  # fmt: skip

    response = admin.post(URL, _typed(server))

    assert response.status_code == 422
    assert "ya lo atiende otra empresa" in response.content.decode()
    assert _accounts(cast) == []


def test_a_certificate_nobody_vouches_for_is_refused_before_the_password(
    admin: Client, settings: Any, tmp_path: Path
):
    settings.MAIL_TRUSTED_HOSTS = ["127.0.0.1"]
    with Running(tls=_self_signed(tmp_path)) as server:
        typed = _typed(server, probe="1", imap_security="tls", smtp_security="tls")
        response = admin.post(URL, typed)

    assert response.content.decode().count("un certificado que no es de ese nombre") == 2


def test_a_server_with_a_good_certificate_is_spoken_to_encrypted(
    admin: Client, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.MAIL_TRUSTED_HOSTS = ["localhost"]
    context = _self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    with Running(tls=context) as server:
        typed = _typed(server, probe="1", imap_host="localhost", smtp_host="localhost")
        response = admin.post(URL, typed | {"imap_security": "tls", "smtp_security": "tls"})

    assert response.content.decode().count("Entró bien.") == 2


def test_starttls_is_spoken(
    admin: Client, server: Running, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    settings.MAIL_TRUSTED_HOSTS = ["localhost"]
    server.post.starttls = _self_signed(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "both.pem"))
    typed = _typed(server, probe="1", imap_host="localhost", smtp_host="localhost")
    response = admin.post(URL, typed | {"imap_security": "starttls", "smtp_security": "starttls"})

    assert response.content.decode().count("Entró bien.") == 2


def _self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost")])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now).not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(names, critical=False).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = folder / "both.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    return context
