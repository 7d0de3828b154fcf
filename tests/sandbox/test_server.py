"""The small HTTP server under it all: odd requests, many at once, connections kept."""

from __future__ import annotations

import concurrent.futures
import socket
import time
from urllib.parse import urlsplit

import requests


def raw(sandbox, data: bytes) -> bytes:
    parts = urlsplit(sandbox.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=3) as line:
        line.sendall(data)
        return line.recv(65536)


def test_nonsense_is_400_and_a_huge_body_413(sandbox):
    assert raw(sandbox, b"HOLA\r\n\r\n").startswith(b"HTTP/1.1 400")
    head = b"POST /control/reset HTTP/1.1\r\ncontent-length: 99999999999\r\n\r\n"
    assert raw(sandbox, head).startswith(b"HTTP/1.1 413")


def test_chunked_and_pipelined_requests_are_understood(sandbox):
    body = b'{"as":"dianamrojas","text":"@FrailejonAyuda por partes"}'
    chunked = b"POST /control/x/posts HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n"
    chunked += b"%x\r\n%s\r\n0\r\n\r\n" % (len(body), body)
    assert b"por partes" in raw(sandbox, chunked)
    twice = b"GET /health HTTP/1.1\r\n\r\n" * 2
    parts = urlsplit(sandbox.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=3) as line:
        line.sendall(twice)
        time.sleep(0.2)
        assert line.recv(65536).count(b'{"ok":true}') == 2


def test_concurrent_customers_lose_nothing(sandbox):
    def talk(who: int) -> list[str]:
        with requests.Session() as http:
            told = []
            for n in range(25):
                body = {"as": "dianamrojas", "text": f"@FrailejonAyuda {who}.{n}"}
                told.append(http.post(f"{sandbox.url}/control/x/posts", json=body, timeout=10).json()["id"])
            return told

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        made = [number for told in pool.map(talk, range(8)) for number in told]
    assert len(set(made)) == 200
    kept = {p["id"] for p in sandbox.control("GET", "/posts?source=customer")["posts"]}
    assert kept == set(made)


def test_unknown_addresses_are_refused_in_each_networks_words(sandbox):
    assert sandbox.x("GET", "/2/nada").json()["title"] == "Not Found"
    assert sandbox.graph("PUT", "/me").json()["error"]["code"] == 2500
