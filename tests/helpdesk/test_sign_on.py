"""An organization's own log-in, tried against a real provider on this machine."""

from __future__ import annotations

import time
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy import SIGNED_ON
from helpdesk.tenancy import provider as ours
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization, User
from helpdesk.tenancy.sign_on import SignOn
from tests.oidc_provider import CLIENT, SECRET, Provider, running
from tickets.settings.domain import sign_on as verbs
from tickets.settings.domain.organization import invite
from tickets.settings.domain.rights import RightsRefused

JUAN = {
    "sub": "idp-juan",
    "email": "juancarlos@frailejon.example",
    "email_verified": True,
    "name": "Juan Carlos",
}
QUEUE = "/frailejon/casos/"


@pytest.fixture(scope="module")
def running_provider() -> Iterator[Provider]:
    with running() as provider:
        yield provider


@pytest.fixture
def idp(running_provider: Provider, settings: Any) -> Provider:
    settings.SIGN_ON_LOCAL = True
    running_provider.person, running_provider.claims = dict(JUAN), {}
    running_provider.signed_with, running_provider.algorithm, running_provider.says_issuer = None, "RS256", ""
    return running_provider


@pytest.fixture
def second(cast: Any) -> Membership:
    """Another person who administers the bank."""
    return invite(
        cast.bank, email="otra@frailejon.example", name="Otra", initials="OT", role="admin",
        password="clave-larga-1",
    )  # fmt: skip


def set_up(
    organization: Organization, idp: Provider, by: Membership, other: Membership, **more: Any
) -> SignOn:
    facts = {"domains": ("frailejon.example",), "default_role": "", "is_required": False} | more
    wanted = verbs.Wanted(issuer=idp.issuer, client_id=CLIENT, secret=SECRET, **facts)
    with tenant(organization.pk):
        row = verbs.save(organization, wanted, authorize_endpoint=f"{idp.issuer}/authorize", by=by)
        row = SignOn.objects.get(pk=row.pk)
        verbs.approve(row, seen=row.edited_at.isoformat(), by=other)
    return row


@pytest.fixture
def bank(cast: Any, idp: Provider, second: Membership) -> SimpleNamespace:
    """The bank with its log-in working."""
    return SimpleNamespace(row=set_up(cast.bank, idp, cast.marta, second), **vars(cast))


def enter(client: Client, slug: str = "frailejon", **data: str) -> Any:
    """Press the button, go to the provider as a browser does, and come back."""
    gone = client.post(f"/cuenta/oidc/{slug}/login/", data)
    if gone.status_code != 302:
        return gone
    back = requests.get(gone["Location"], allow_redirects=False, timeout=5)
    assert back.status_code == 302
    parts = urlsplit(back.headers["Location"])
    assert parts.path == f"/cuenta/oidc/{slug}/login/callback/"
    return client.get(f"{parts.path}?{parts.query}")


def test_member_enters_by_verified_address_with_code_and_pkce(bank, idp, client):
    answer = enter(client, next=QUEUE)

    assert (answer.status_code, answer["Location"]) == (302, QUEUE)
    assert client.get(QUEUE).status_code == 200
    assert client.session[SIGNED_ON]["organization"] == bank.bank.pk
    asked = dict(idp.asked)["/authorize"]
    assert (asked["code_challenge_method"], "code_verifier" in asked) == ("S256", False)
    assert dict(idp.asked)["/token"]["code_verifier"]
    with tenant(bank.bank.pk):
        assert AuditEvent.objects.get(action="member.entered").actor_id == bank.juan.pk


@pytest.mark.parametrize(
    "claims",
    [
        {"email_verified": False},
        {"email_verified": None},
        {"email_verified": "false"},
        {"email": "juancarlos@otro.example"},
        {"email": "nadie@frailejon.example"},
        {"email": ""},
    ],
)
def test_nobody_enters_by_an_address_that_is_unverified_foreign_or_unknown(bank, idp, client, claims):
    idp.claims = claims

    assert enter(client).status_code == 403
    assert client.get(QUEUE).status_code == 302
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("claims", "said"),
    [
        ({"aud": "otro-cliente"}, "la firma, el destinatario"),
        ({"iss": "https://otro.example"}, "la firma, el destinatario"),
        ({"exp": int(time.time()) - 3600}, "La hora del proveedor"),
        ({"iat": int(time.time()) + 3600}, "La hora del proveedor"),
        ({"sub": None}, "la firma, el destinatario"),
    ],
)
def test_token_for_somebody_else_or_expired_opens_nothing(bank, idp, client, claims, said):
    idp.claims = claims

    answer = enter(client)
    assert answer.status_code != 302
    assert said in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_token_with_another_key_or_a_weak_algorithm_opens_nothing(bank, idp):
    idp.signed_with = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    assert enter(Client()).status_code != 302

    # A shared secret instead of the provider's key: whoever knows the client secret would be anybody.
    idp.signed_with, idp.algorithm = SECRET.ljust(32, "x"), "HS256"
    assert enter(Client()).status_code != 302

    idp.signed_with, idp.algorithm = "", "none"
    assert enter(Client()).status_code != 302


def test_provider_that_says_it_is_another_is_not_believed(bank, idp, client):
    idp.says_issuer = "https://accounts.example"

    assert enter(client).status_code == 502


def test_return_without_a_beginning_opens_nothing(bank, idp, client):
    """A link with somebody else's code logs nobody in."""
    began = Client().post("/cuenta/oidc/frailejon/login/")
    back = requests.get(began["Location"], allow_redirects=False, timeout=5)
    query = urlsplit(back.headers["Location"]).query

    assert client.get(f"/cuenta/oidc/frailejon/login/callback/?{query}").status_code == 403
    assert "_auth_user_id" not in client.session
    assert parse_qs(query)["code"]


def test_link_from_elsewhere_starts_nothing(bank, idp, client):
    assert client.get("/cuenta/oidc/frailejon/login/").status_code == 405


def test_address_given_to_somebody_else_does_not_take_the_account(bank, idp):
    """The provider's own name for a person is theirs from the first time on, however addresses travel."""
    assert enter(Client()).status_code == 302
    idp.claims = {"sub": "idp-otro"}

    assert enter(Client()).status_code == 403


def test_one_name_at_the_provider_is_one_person_here(bank, idp):
    assert enter(Client()).status_code == 302
    idp.claims = {"email": "paola@frailejon.example"}

    assert enter(Client()).status_code == 403


def test_provider_of_one_organization_opens_no_other(cast, idp, second):
    """An organization whose provider claims to be anybody is anybody only at home."""
    other = invite(
        cast.airline, email="jefa@alisios.example", name="Jefa", initials="JF", role="admin",
        password="clave-larga-1",
    )  # fmt: skip
    third = invite(
        cast.airline, email="ayuda@alisios.example", name="Ayuda", initials="AY", role="admin",
        password="clave-larga-1",
    )  # fmt: skip
    # Juan of the bank is invited to the airline, whose provider then says that it is him.
    invite(cast.airline, email=JUAN["email"], name="Juan", initials="JX", role="agent")
    set_up(cast.airline, idp, other, third)
    client = Client()

    assert enter(client, "alisios").status_code == 302

    assert client.get("/alisios/casos/").status_code == 200
    assert client.get("/")["Location"] == "/alisios/casos/"
    # Neither the bank nor what opens the bank.
    assert client.get(QUEUE).status_code == 302
    assert client.get(QUEUE)["Location"].startswith("/entrar/frailejon/")
    assert client.post("/frailejon/casos/1/notas/", {"text": "x"}).status_code == 302
    for path in ("password/change/", "password/set/", "email/", "2fa/", "2fa/totp/activate/", "3rdparty/"):
        assert client.get(f"/cuenta/{path}").status_code == 403, path
        assert client.post(f"/cuenta/{path}").status_code == 403, path


def test_second_factor_is_asked_as_before(bank, idp, client):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(bank.juan.user, generate_totp_secret())

    answer = enter(client)

    assert answer["Location"].startswith("/cuenta/2fa/authenticate/")
    assert client.get(QUEUE).status_code == 302
    assert "_auth_user_id" not in client.session


def test_disabled_member_is_out_at_once_and_does_not_come_back(bank, idp, client):
    assert enter(client).status_code == 302
    assert client.get(QUEUE).status_code == 200
    with tenant(bank.bank.pk):
        Membership.objects.filter(pk=bank.juan.pk).update(is_active=False)

    assert client.get(QUEUE).status_code == 404
    assert enter(Client()).status_code == 403


def test_whom_the_provider_turns_away_is_out_everywhere(bank, idp):
    phone, desk = Client(), Client()
    assert enter(phone).status_code == enter(desk).status_code == 302
    idp.person = None

    assert enter(desk).status_code == 403

    assert desk.get(QUEUE)["Location"].startswith("/cuenta/login/")
    assert phone.get(QUEUE)["Location"].startswith("/entrar/frailejon/")
    with tenant(bank.bank.pk):
        assert AuditEvent.objects.filter(action="member.refused", data__member=bank.juan.pk).count() == 1


def test_stranger_who_is_turned_away_ends_nobodys_session(bank, idp):
    juan = Client()
    assert enter(juan).status_code == 302
    idp.person = None

    assert enter(Client()).status_code == 403
    # Nor does an answer made up in somebody's browser, without having gone there.
    juan.get("/cuenta/oidc/frailejon/login/callback/?error=access_denied&state=inventado")

    assert juan.get(QUEUE).status_code == 200


def test_provider_tells_who_has_left(bank, idp):
    juan, paola = Client(), Client()
    enter(juan)
    idp.person = {"sub": "idp-paola", "email": "paola@frailejon.example", "email_verified": True}
    enter(paola)

    told = Client().post("/cuenta/oidc/frailejon/logout/", {"logout_token": idp.goodbye("idp-juan")})

    assert told.status_code == 200
    assert juan.get(QUEUE).status_code == 302
    assert paola.get(QUEUE).status_code == 200


@pytest.mark.parametrize(
    "spoil",
    [
        lambda idp: "x.y.z",
        lambda idp: "",
        lambda idp: idp.goodbye("idp-juan", aud="otro"),
        lambda idp: idp.goodbye("idp-juan", events={}),
        lambda idp: idp.goodbye("idp-juan", nonce="n"),
        lambda idp: jwt.encode({"sub": "idp-juan"}, "clave-de-nadie-que-es-muy-larga-123", algorithm="HS256"),
    ],
)
def test_goodbye_that_is_not_the_providers_ends_nothing(bank, idp, spoil):
    juan = Client()
    enter(juan)

    assert Client().post("/cuenta/oidc/frailejon/logout/", {"logout_token": spoil(idp)}).status_code == 400
    assert juan.get(QUEUE).status_code == 200


def test_session_lasts_a_working_day(bank, idp, client):
    import time_machine

    enter(client)
    with time_machine.travel(time.time() + 8 * 3600 + 1, tick=True):
        assert client.get(QUEUE)["Location"].startswith("/entrar/frailejon/")


def test_passwords_open_it_no_more_where_the_organization_says_so(cast, idp, second):
    set_up(cast.bank, idp, cast.marta, second, is_required=True)
    client = Client()
    client.post("/cuenta/login/", {"login": cast.juan.user.email, "password": "clave-larga-1"})
    assert client.get(QUEUE)["Location"].startswith("/entrar/frailejon/")

    assert enter(client).status_code == 302
    assert client.get(QUEUE).status_code == 200


def test_ordinary_log_in_stays(bank, idp, client):
    client.post("/cuenta/login/", {"login": bank.juan.user.email, "password": "clave-larga-1"})

    assert client.get(QUEUE).status_code == 200
    assert SIGNED_ON not in client.session


def test_newcomer_gets_the_preset_the_organization_chose(cast, idp, second, client):
    set_up(cast.bank, idp, cast.marta, second, default_role="trainee")
    idp.person = {
        "sub": "n",
        "email": "nueva@frailejon.example",
        "email_verified": True,
        "name": "Nueva Persona",
    }

    assert enter(client).status_code == 302

    with tenant(cast.bank.pk):
        member = Membership.objects.get(user__email="nueva@frailejon.example")
        assert (member.role, member.initials, member.scope) == ("trainee", "NP", "own pool")
    assert not User.objects.get(email="nueva@frailejon.example").has_usable_password()


def test_secret_is_sealed_and_never_shown(bank, idp, log_in):
    with tenant(bank.bank.pk):
        row = SignOn.objects.get()
        assert SECRET.encode() not in bytes(row.client_secret)
        assert row.secret == SECRET
        assert SECRET not in str(list(AuditEvent.objects.values_list("data", flat=True)))
    assert SECRET not in log_in(bank.marta).get("/frailejon/ajustes/acceso/").content.decode()


def test_one_person_alone_cannot_name_the_provider(cast, idp, second, log_in):
    """Whoever names the provider could be anybody."""
    client = log_in(cast.marta)
    lost = client.post(
        "/frailejon/ajustes/acceso/",
        {
            "issuer": f"{idp.issuer}/otro",
            "client_id": CLIENT,
            "secret": SECRET,
            "domains": "frailejon.example",
        },
    )
    assert (lost.status_code, "no hay un proveedor" in lost.content.decode()) == (422, True)
    posted = client.post(
        "/frailejon/ajustes/acceso/",
        {"issuer": idp.issuer, "client_id": CLIENT, "secret": SECRET, "domains": "Frailejon.example"},
    )
    assert posted.status_code == 302, posted.content.decode()[-3000:]
    assert enter(Client()).status_code == 404

    with tenant(cast.bank.pk):
        seen = SignOn.objects.get().edited_at.isoformat()
    own = client.post("/frailejon/ajustes/acceso/decision/", {"decision": "approve", "seen": seen})
    assert own.status_code == 403
    other = Client()
    other.force_login(second.user)
    # Not what they did not look at.
    other.post("/frailejon/ajustes/acceso/decision/", {"decision": "approve", "seen": "2020-01-01"})
    assert enter(Client()).status_code == 404
    other.post("/frailejon/ajustes/acceso/decision/", {"decision": "approve", "seen": seen})
    assert enter(Client()).status_code == 302

    # Every change waits again; also for who approved the former.
    client.post(
        "/frailejon/ajustes/acceso/",
        {
            "issuer": idp.issuer,
            "client_id": CLIENT,
            "secret": "",
            "domains": "frailejon.example otro.example",
        },
    )
    assert enter(Client()).status_code == 404


def test_supervisor_is_the_second_person_where_there_is_one_admin(cast, idp, log_in):
    here = 'href="/frailejon/ajustes/acceso/"'
    paola = log_in(cast.paola)
    assert here not in paola.get("/frailejon/ajustes/").content.decode()
    with tenant(cast.bank.pk):
        wanted = verbs.Wanted(idp.issuer, CLIENT, SECRET, ("frailejon.example",), "", False)
        row = verbs.save(cast.bank, wanted, authorize_endpoint=f"{idp.issuer}/a", by=cast.marta)
        seen = row.edited_at.isoformat()
        for member in (cast.marta, cast.juan, cast.andres):
            with pytest.raises(RightsRefused):
                verbs.approve(row, seen=seen, by=member)
    assert here in paola.get("/frailejon/ajustes/").content.decode()
    with tenant(cast.bank.pk):
        verbs.approve(row, seen=seen, by=cast.paola)
        assert SignOn.objects.get().is_live


def test_secret_does_not_follow_to_another_provider(bank, idp, log_in):
    answer = log_in(bank.marta).post(
        "/frailejon/ajustes/acceso/",
        {"issuer": "https://otro.example", "client_id": CLIENT, "secret": "", "domains": "frailejon.example"},
    )

    assert answer.status_code == 422
    assert "Escriba el secreto que dio ese proveedor." in answer.content.decode()


@pytest.mark.parametrize(
    "address",
    [
        "http://proveedor.example", "https://127.0.0.1", "https://localhost", "https://10.0.0.1",
        "https://169.254.169.254", "https://[::1]", "ftp://proveedor.example", "https://u:p@proveedor.example",
    ],
)  # fmt: skip
def test_provider_inside_our_own_network_is_not_asked(address, settings):
    settings.SIGN_ON_LOCAL = False

    with pytest.raises(ours.NotAllowed):
        ours.discover(address)


def test_page_finds_the_organization_by_the_addresss_domain(bank, idp, client):
    found = client.get("/entrar/?correo=cualquiera@FRAILEJON.example").content.decode()
    none = client.get("/entrar/?correo=carla@alisios.example").content.decode()

    assert "Entrar en Banco Frailejón" in found
    assert "/cuenta/oidc/frailejon/login/" in found
    assert "Banco" not in none
    assert "Ninguna empresa entra así con ese correo" in none
    # Whether somebody's company is here is not told.
    for slug in ("alisios", "nadie"):
        answer = client.get(f"/entrar/{slug}/?next=/alisios/casos/")
        assert answer["Location"] == "/cuenta/login/?next=%2Falisios%2Fcasos%2F"
    assert idp.issuer in client.get("/entrar/frailejon/")["Content-Security-Policy"]


def test_switched_off_it_opens_nothing_and_ends_what_it_opened(bank, idp, client, log_in):
    juan = Client()
    enter(juan)

    log_in(bank.marta).post("/frailejon/ajustes/acceso/decision/", {"decision": "stop"})

    assert juan.get(QUEUE).status_code == 302
    assert enter(Client()).status_code == 404


def test_stranger_neither_sees_nor_decides(bank, idp, log_in):
    client = log_in(bank.carla)

    assert client.get("/frailejon/ajustes/acceso/").status_code == 404
    assert client.post("/frailejon/ajustes/acceso/decision/", {"decision": "approve"}).status_code == 404
