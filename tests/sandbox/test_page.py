"""The sandbox's page, and the day that plays by itself."""

from __future__ import annotations

import re
import time

import pytest
import requests

from channels_social.sandbox.day.player import Player
from channels_social.sandbox.day.script import BadScript, read_scene, read_script
from channels_social.sandbox.environ import Environ
from channels_social.sandbox.seed import plant
from channels_social.sandbox.world import build_world
from tests.sandbox.parts import ROOT


def part(sandbox, **query):
    return requests.get(
        f"{sandbox.url}/page/part", params={"empresa": "frailejon", **query}, timeout=5
    ).json()


def test_page_shows_both_timelines_and_escapes_what_people_write(sandbox):
    sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda <script>alert(1)</script> 😤"})
    page = requests.get(sandbox.url, timeout=5)
    assert page.headers["content-type"].startswith("text/html")
    assert "&lt;script&gt;alert(1)" in page.text
    assert "<script>alert" not in page.text
    assert "Desde hoy puede apagar y prender su tarjeta" in page.text
    assert "@AlisiosAyuda" in requests.get(f"{sandbox.url}/?empresa=alisios", timeout=5).text


def test_page_needs_nothing_from_elsewhere_and_all_it_names_is_there(sandbox):
    page = requests.get(sandbox.url, timeout=5).text
    named = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    assert {"/static/sandbox.css", "/static/sandbox.js"} <= named
    for address in named | {"/static/live.js", "/static/speak.js", "/static/badday.js", "/static/net.js"}:
        assert requests.get(sandbox.url + address, timeout=5).ok, address
    static = ROOT / "channels_social/sandbox/page/static"
    for file in static.iterdir():
        assert "https://" not in re.sub(r"https?://www\.w3\.org\S*|https\?:", "", file.read_text()), file.name


def test_answer_appears_and_is_counted(sandbox, client):
    said = sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
    assert "1</b> mensaje · <b" in part(sandbox)["counts"]
    client.create_tweet(text="Diana ^JC", in_reply_to_tweet_id=said["id"], user_auth=False)
    now = part(sandbox)
    assert '<span class="sig">^JC</span>' in now["x"]
    assert "1</b> respondido" in now["counts"]


def test_stream_says_when_something_was_said(sandbox):
    with requests.get(f"{sandbox.url}/page/events", stream=True, timeout=5) as stream:
        lines = stream.iter_lines()
        first = next(line for line in lines if line)
        sandbox.say(**{"as": "dianamrojas", "text": "@FrailejonAyuda hola"})
        assert next(line for line in lines if line) != first


def test_private_views_show_messages(sandbox, graph):
    sandbox.control("POST", "/x/dms", {"as": "dianamrojas", "to": "frailejon", "text": "en privado"})
    sandbox.control(
        "POST", "/facebook/messages", {"as": "Natalia Bernal", "page": "frailejon", "text": "por acá"}
    )
    shown = part(sandbox, x="mensajes", f="messenger")
    assert "en privado" in shown["x"]
    assert "por acá" in shown["f"]


def test_screenplays_are_long_and_readable():
    for slug in ("frailejon", "alisios"):
        scenes = read_script(slug)
        assert len(scenes) >= 75
        assert {s.place for s in scenes} == {"x", "cita", "dm", "pagina", "visita", "inbox"}
        assert all(scene.text or scene.photo for scene in scenes)
        assert any(t.kind == "private" for s in scenes for t in s.turns)
    with pytest.raises(BadScript):
        read_scene("x", 0, "08:10 azotea @a B\nhola")


def wait_for(found, seconds=5.0):
    """What `found` gives, as soon as it gives something."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := found():
            return value
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_day_plays_and_follows_up_on_the_answer(sandbox, client):
    sandbox.control("PUT", "/limits", {"scale": 1000})
    sandbox.control("PUT", "/day", {"minute": 363, "speed": 60, "playing": True})

    def posts(text):
        return [p for p in sandbox.control("GET", "/posts?source=customer")["posts"] if text in p["raw"]]

    [asked] = wait_for(lambda: posts("Chipichape"))
    sandbox.control("PUT", "/day", {"playing": False})
    client.create_tweet(text="Abre a las 9 ^JC", in_reply_to_tweet_id=asked["id"], user_auth=False)
    assert posts("Gracias 🙏") == []
    sandbox.control("PUT", "/day", {"playing": True, "speed": 600})
    [thanks] = wait_for(lambda: posts("Gracias 🙏"))
    assert thanks["conversation_id"] == asked["id"]
    sandbox.control("PUT", "/day", {"playing": False})
    assert sandbox.control("GET", "/day")["played"] > 0


def test_a_whole_day_speaks_every_scene_once(tmp_path):
    world = build_world(Environ(file=str(tmp_path / "day.sqlite3")))
    plant(world)
    before = world.store.one("SELECT count(*) AS n FROM x_post")["n"]
    player = Player(world)
    for _ in range(143):
        player.tick(10)
    assert player.shown()["played"] == player.shown()["scenes"] > 150
    assert world.store.one("SELECT count(*) AS n FROM x_post")["n"] - before > 100
    for table in ("x_dm", "fb_comment", "fb_message"):
        assert world.store.one(f"SELECT count(*) AS n FROM {table} WHERE source = 'customer'")["n"] > 15
    player.tick(20)
    assert (player.day, player.said) == (2, {})
    world.close()
