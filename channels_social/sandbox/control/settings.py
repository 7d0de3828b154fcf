"""Switches: faults, rules, limits, capabilities; people and companies; back to the beginning."""

from __future__ import annotations

import json
from typing import Any

from channels_social.sandbox.control.gate import Mistake, need, plainly
from channels_social.sandbox.faults import NETWORKS
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.seed import add_company, add_customer, replant
from channels_social.sandbox.web.call import Call
from channels_social.sandbox.world import RULES, World

ON_THE_ROAD_S = 2.0


def reset(world: World, call: Call) -> dict[str, Any]:
    """POST /control/reset: the seed again; faults, rules, limits, wire and pending deliveries forgotten.

    What is being delivered arrives before this answers, unless its receiver is slow.
    """
    replant(world)
    world.courier.arrived(ON_THE_ROAD_S)
    world.day.reset()
    world.faults.clear()
    world.wire.clear()
    world.post.clear()
    return {"reset": True}


def faults(world: World, call: Call) -> dict[str, Any]:
    """GET /control/faults."""
    return world.faults.shown()


def set_faults(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/faults {"x": {name: true | {...} | null}, "facebook": {...}, "all": {...}, "seed": 7}."""
    for network, switches in call.form.items():
        if network == "seed":
            world.faults.seed(int(switches))
            continue
        if network not in (*NETWORKS, "all"):
            raise Mistake(f"no hay red {network}")
        for name, value in switches.items():
            for each in NETWORKS if network == "all" else (network,):
                world.faults.switch(each, name, value)
    world.wire.changed()
    return world.faults.shown()


def clear_faults(world: World, call: Call) -> dict[str, Any]:
    """DELETE /control/faults: everything normal."""
    world.faults.clear()
    world.wire.changed()
    return world.faults.shown()


def rules(world: World, call: Call) -> dict[str, Any]:
    """GET /control/settings: rules of the networks."""
    return {name: world.rule(name) for name in RULES}


def set_rules(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/settings: change some of them; null goes back to the network's own."""
    kept = world.store.setting("rules", {})
    for name, value in call.form.items():
        if name not in RULES:
            raise Mistake(f"no hay regla {name}")
        kept.pop(name, None)
        if value is not None:
            kept[name] = value
    world.store.keep("rules", kept)
    return rules(world, call)


def set_limits(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/limits {"scale": 100, "window_s": 5, "own": {"POST /2/tweets": 3}}.

    {} goes back to X's own.
    """
    form = call.form
    if not form:
        world.limits.reset()
    world.limits.configure(scale=form.get("scale"), window_s=form.get("window_s"), own=form.get("own"))
    return {"scale": world.limits.scale, "window_s": world.limits.window_s, "own": world.limits.own}


def state(world: World, call: Call) -> dict[str, Any]:
    """GET /control/state: companies and people."""
    companies = [
        plainly(r, texts=("x_user_id",), lists=("capabilities",))
        for r in world.store.all("SELECT * FROM company")
    ]
    users = [plainly(r, texts=("id",)) for r in world.store.all("SELECT * FROM x_user ORDER BY id")]
    people = [plainly(r) for r in world.store.all("SELECT * FROM fb_person ORDER BY id")]
    pages = [plainly(r) for r in world.store.all("SELECT * FROM fb_page ORDER BY id")]
    return {
        "companies": companies,
        "x_users": users,
        "fb_people": people,
        "fb_pages": pages,
        "now_ms": now_ms(),
    }


def create_company(world: World, call: Call) -> dict[str, Any]:
    """POST /control/companies {slug, name, x: {id?, username, name}, page: {id?, name}}, tokens and webhooks.

    Its tokens are `sandbox-x-token-<slug>`, `sandbox-x-refresh-<slug>` and `sandbox-fb-token-<slug>`.
    """
    given = dict(call.form)
    slug = need(call, "slug")
    given.setdefault("name", slug)
    x = given.get("x", {"username": slug[:15]})
    page = given.get("page", {"name": given["name"]})
    given["x"] = {"id": world.mint.snowflake(), "name": given["name"], **x} if x else None
    given["page"] = {"id": str(100_000_000_000_000 + world.mint.seq() % 10**14), **page} if page else None
    if given["x"]:
        given["x"]["id"] = int(given["x"]["id"])
    with world.store.transaction():
        add_company(world, given)
    return {
        "slug": slug,
        "x_user_id": given["x"] and str(given["x"]["id"]),
        "page_id": given["page"] and given["page"]["id"],
        "x_token": f"sandbox-x-token-{slug}",
        "x_refresh_token": f"sandbox-x-refresh-{slug}",
        "fb_token": f"sandbox-fb-token-{slug}",
    }


def create_customer(world: World, call: Call) -> dict[str, Any]:
    """POST /control/customers {name, username?, networks?: ["x","facebook"], home?, mood?, ...flags}."""
    form, given = call.form, dict(call.form)
    networks = form.get("networks") or ["x", "facebook"]
    if "x" in networks:
        username = form.get("username") or f"cliente{world.mint.seq() % 10**8}"
        given["x"] = [int(form.get("x_id") or world.mint.snowflake()), username]
    if "facebook" in networks:
        seq = world.mint.seq()
        given["fb"] = [str(form.get("fb_id") or 6 * 10**16 + seq), str(form.get("psid") or 7 * 10**16 + seq)]
    given.setdefault("name", given.get("x", ["", "Cliente"])[1])
    with world.store.transaction():
        add_customer(world, form.get("home", ""), given)
    made = {"x_id": str(given["x"][0]), "username": given["x"][1]} if "x" in given else {}
    return made | ({"fb_id": given["fb"][0], "psid": given["fb"][1]} if "fb" in given else {})


def set_capabilities(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/companies/{slug}/capabilities {like, follow, quote, long_posts}."""
    row = world.store.one("SELECT capabilities FROM company WHERE slug = ?", call.named["slug"])
    if row is None:
        raise Mistake(f"no hay empresa {call.named['slug']}", 404)
    value = json.loads(row["capabilities"]) | call.form
    world.store.run(
        "UPDATE company SET capabilities = ? WHERE slug = ?", json.dumps(value), call.named["slug"]
    )
    return value


def day(world: World, call: Call) -> dict[str, Any]:
    """GET /control/day: where the day that plays by itself stands."""
    return world.day.shown()


def set_day(world: World, call: Call) -> dict[str, Any]:
    """PUT /control/day {"playing": true, "speed": 60, "minute": 480}: speed 60 is a minute per second."""
    form = call.form
    speed, minute = form.get("speed"), form.get("minute")
    world.day.set(
        playing=form.get("playing"),
        speed=None if speed is None else float(speed),
        minute=None if minute is None else float(minute),
    )
    return world.day.shown()
