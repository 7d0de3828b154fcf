"""We send to public addresses, to the one that was looked at, and nowhere we are led to from there."""

from __future__ import annotations

import ipaddress
import ssl
import time

import pytest

from tests.tickets.api.receiver import Receiver, certificate_of
from tickets.api.posting import post, system_dial, system_resolve
from tickets.api.rules.addresses import Unsafe, is_public, read_address

PUBLIC = "93.184.216.34"
CLOSED = [
    "127.0.0.1", "127.8.8.8", "0.0.0.0", "10.0.0.1", "172.16.3.4", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "198.18.0.1", "224.0.0.1",
    "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fec0::1", "fd00:ec2::254", "fc00::1", "ff02::1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::7f00:1",
    "64:ff9b::a9fe:a9fe", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1", "2001:0:1::1", "2001:db8::1",
]  # fmt: skip


@pytest.fixture
def receiver():
    one = Receiver()
    yield one
    one.stop()


@pytest.mark.parametrize("ip", CLOSED)
def test_address_that_is_not_everybodys_is_refused(ip):
    assert not is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    "ip", [PUBLIC, "8.8.8.8", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808", "2002:808:808::1"]
)
def test_public_address_is_taken(ip):
    assert is_public(ipaddress.ip_address(ip))


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.com/hook", "address_scheme"),
        ("file:///etc/passwd", "address_form"),
        ("gopher://example.com/", "address_scheme"),
        ("https://user:pw@example.com/", "address_form"),
        ("https://user@example.com/", "address_form"),
        ("https://example.com/#x", "address_form"),
        ("https://example.com:22/", "address_port"),
        ("https://example.com:99999/", "address_form"),
        ("https://localhost/", "address_private"),
        ("https://metadata.google.internal/", "address_private"),
        ("https://printer.local/", "address_private"),
        ("https://127.0.0.1/", "address_private"),
        ("https://[::1]/", "address_private"),
        ("https://[::ffff:10.0.0.1]/", "address_private"),
        ("https://169.254.169.254/latest/", "address_private"),
        ("https://127.1/", "address_form"),
        ("https://0x7f.0.0.1/", "address_form"),
        ("https://0x7f000001/", "address_private"),
        ("https://2130706433/", "address_private"),
        ("https://example.com/\r\nX: y", "address_form"),
        ("https://exa mple.com/", "address_form"),
        ("https://example.com\\@127.0.0.1/", "address_form"),
        ("https:///x", "address_form"),
        ("", "address_form"),
    ],
)
def test_address_we_would_never_send_to(url, code):
    with pytest.raises(Unsafe) as refused:
        read_address(url)
    assert refused.value.code == code


def test_only_the_very_host_and_port_that_were_allowed_are():
    assert read_address("http://127.0.0.1:9000/x", ["127.0.0.1:9000"]).is_dev
    for other in ("http://127.0.0.1:9001/", "http://localhost:9000/"):
        with pytest.raises(Unsafe):
            read_address(other, ["127.0.0.1:9000"])


@pytest.mark.parametrize(
    "answers", [["127.0.0.1"], ["::1"], [PUBLIC, "10.0.0.1"], ["::ffff:127.0.0.1"], ["fe80::1%lo"]]
)
def test_name_that_leads_inside_is_not_spoken_to(receiver, answers):
    def dial(*args):
        raise AssertionError("a connection was made")

    outcome = post(
        read_address("https://hooks.example.com/"), b"{}", {}, resolve=lambda host, port: answers, dial=dial
    )

    assert (outcome.failure, receiver.arrived) == ("address_private", [])


def test_name_that_changes_its_mind_is_asked_once_and_held_to_its_word(receiver):
    """DNS rebinding: public when looked at, loopback when connected to."""
    asked, dialled = [], []

    def resolve(host, port):
        asked.append(host)
        return [PUBLIC] if len(asked) == 1 else ["127.0.0.1"]

    def dial(ip, port, timeout):
        dialled.append(ip)
        raise ConnectionRefusedError

    outcome = post(read_address("https://rebind.example.com/"), b"{}", {}, resolve=resolve, dial=dial)

    assert (asked, dialled) == (["rebind.example.com"], [PUBLIC])
    assert outcome.failure == "connection"


def test_name_nobody_knows_is_told(receiver):
    def resolve(host, port):
        raise OSError("no such name")

    assert post(read_address("https://nobody.example.com/"), b"{}", {}, resolve=resolve).failure == "dns"


def test_certificate_nobody_vouches_for_is_refused_before_a_word_is_said(tmp_path):
    server = Receiver(certificate_of(tmp_path, "hooks.example.com"))
    try:
        outcome = _over_tls(server, "hooks.example.com")
    finally:
        server.stop()

    assert (outcome.failure, server.arrived) == ("tls", [])


def test_certificate_must_be_the_names_although_the_connection_is_to_an_address(tmp_path, monkeypatch):
    """The pinned connection still asks for the name: right name taken, another name's certificate refused."""
    good = certificate_of(tmp_path, "hooks.example.com")
    other = certificate_of(tmp_path, "other.example.com")
    make = ssl.create_default_context

    def trusting():
        context = make()
        context.load_verify_locations(good)
        context.load_verify_locations(other)
        return context

    monkeypatch.setattr("tickets.api.posting.ssl.create_default_context", trusting)
    outcomes = {}
    for name, certificate in (("right", good), ("wrong", other)):
        server = Receiver(certificate)
        try:
            outcomes[name] = (_over_tls(server, "hooks.example.com").failure, len(server.arrived))
        finally:
            server.stop()

    assert outcomes == {"right": ("", 1), "wrong": ("tls", 0)}


def _over_tls(server, host):
    return post(
        read_address(f"https://{host}/hook"),
        b"{}",
        {},
        resolve=lambda name, port: [PUBLIC],
        dial=lambda ip, port, timeout: system_dial("127.0.0.1", server.port, timeout),
    )


def _allowed(server):
    return read_address(server.url, [f"127.0.0.1:{server.port}"])


def test_redirect_to_loopback_is_a_failure_and_is_not_followed(receiver):
    inside = Receiver()
    receiver.status, receiver.headers = 307, {"Location": inside.url}
    try:
        outcome = post(_allowed(receiver), b"{}", {})
    finally:
        inside.stop()

    assert (outcome.failure, outcome.status, outcome.detail) == ("redirect", 307, "127.0.0.1")
    assert (len(receiver.arrived), inside.arrived) == (1, [])


def test_answer_that_never_ends_is_cut_off(receiver):
    receiver.trickle = True
    began = time.monotonic()

    outcome = post(_allowed(receiver), b"{}", {}, deadline=1.0)

    assert outcome.failure == "timeout"
    assert time.monotonic() - began < 4


def test_who_does_not_listen_is_told():
    server = Receiver()
    address = _allowed(server)
    server.stop()

    assert post(address, b"{}", {}).failure == "connection"


def test_system_resolver_answers_addresses():
    assert set(system_resolve("localhost", 443)) <= {"127.0.0.1", "::1"}
