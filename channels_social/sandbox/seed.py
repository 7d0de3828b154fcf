"""The sandbox as it is when new.

Two companies, their customers, tokens that need no clicking, webhooks already set.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from channels_social.sandbox.graph.events import FIELDS as FB_FIELDS
from channels_social.sandbox.graph.say import write_post as write_fb_post
from channels_social.sandbox.ids import now_ms
from channels_social.sandbox.world import World
from channels_social.sandbox.x.events import KINDS
from channels_social.sandbox.x.posts import Draft, write_post

DATA = Path(__file__).with_name("data")
X_SCOPES = (
    "tweet.read tweet.write tweet.moderate.write users.read dm.read dm.write like.write follows.write "
    "media.write offline.access"
)
FB_SCOPES = (
    "pages_show_list pages_read_engagement pages_read_user_content pages_manage_engagement "
    "pages_manage_metadata pages_messaging public_profile"
)
CAPABILITIES = {"like": True, "follow": True, "quote": True, "long_posts": False}


def read(name: str) -> Any:
    """One of our data files."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


def plant(world: World) -> None:
    """Seed an empty file.

    One that has companies is left as it is, except for webhook addresses of a moved product.
    """
    if world.store.one("SELECT 1 FROM company LIMIT 1") is None:
        with world.store.transaction():
            for company in read("companies.json"):
                add_company(world, company)
            for home, people in read("customers.json").items():
                for person in people:
                    add_customer(world, home, person)
    move_webhooks(world)


def replant(world: World) -> None:
    """Forget everything and seed again."""
    with world.store.transaction():
        world.store.empty()
        plant(world)
    world.limits.reset()


def move_webhooks(world: World) -> None:
    """Point the seeded webhooks to where the product is now."""
    x, meta = f"{world.environ.base_url}/hooks/x/", f"{world.environ.base_url}/hooks/meta/"
    if world.store.setting("seeded_base") != world.environ.base_url:
        old = world.store.setting("seeded_base", "")
        world.store.run("UPDATE x_webhook SET url = ? WHERE url = ?", x, f"{old}/hooks/x/")
        world.store.run("UPDATE fb_page SET callback = ? WHERE callback = ?", meta, f"{old}/hooks/meta/")
        world.store.keep("seeded_base", world.environ.base_url)


def add_company(world: World, given: dict[str, Any]) -> None:
    """A company with its account on X, its page, its tokens and its webhooks."""
    x, page, slug = given.get("x"), given.get("page"), given["slug"]
    capabilities = json.dumps(CAPABILITIES | given.get("capabilities", {}))
    columns = {"slug": slug, "name": given["name"], "capabilities": capabilities}
    world.store.add("company", **columns, x_user_id=x and x["id"], page_id=page and page["id"])
    if x:
        add_x_account(world, slug, x)
        for at, text in enumerate(given.get("x_says", [])):
            draft = Draft(author=x["id"], text=text, created_ms=now_ms() - 9_000_000 + at, source="native")
            write_post(world, draft, notify=False)
    if page:
        add_page(world, slug, page, (given.get("admin") or {}).get("id", f"admin-{slug}"))
        for at, text in enumerate(reversed(given.get("page_says", []))):
            created = now_ms() - 90_000_000 + at * 80_000_000
            number = page["id"]
            write_fb_post(
                world,
                page=number,
                author=number,
                message=text,
                source="native",
                created_ms=created,
                notify=False,
            )


def add_x_account(world: World, slug: str, x: dict[str, Any]) -> None:
    """The account, its tokens that never expire, its subscriptions to every kind of event."""
    world.store.add(
        "x_user",
        id=x["id"],
        username=x["username"],
        name=x["name"],
        company=slug,
        home=slug,
        created_ms=now_ms() - 86_400_000 * 900,
        description=x.get("description", ""),
        followers=x.get("followers", 0),
        verified_type="business",
    )
    account = str(x["id"])
    for kind in ("access", "refresh"):
        name = f"sandbox-x-token-{slug}" if kind == "access" else f"sandbox-x-refresh-{slug}"
        columns = {"token": name, "network": "x", "kind": kind, "account": account, "scopes": X_SCOPES}
        world.store.add("token", **columns, family=f"fixed-{slug}", fixed=1)
    subscribe_x(world, x["id"])


def subscribe_x(world: World, user: int) -> None:
    """Every event of this account goes to the product's webhook."""
    now = now_ms()
    url = f"{world.environ.base_url}/hooks/x/"
    world.store.run(
        "INSERT OR IGNORE INTO x_webhook (id, url, valid, created_ms) VALUES (?, ?, 1, ?)",
        world.mint.snowflake(),
        url,
        now,
    )
    hook = world.store.one("SELECT id FROM x_webhook WHERE url = ?", url)
    for kind in KINDS:
        columns = {"id": world.mint.snowflake(), "event_type": kind, "user_id": user, "tag": None}
        world.store.add(
            "x_subscription", **columns, webhook_id=hook and hook["id"], created_ms=now, updated_ms=now
        )


def add_page(world: World, slug: str, page: dict[str, Any], admin: str) -> None:
    """The page, its token (given by its administrator, a Facebook user), its webhook."""
    columns = {"id": page["id"], "name": page["name"], "company": slug, "category": page.get("category", "")}
    callback = f"{world.environ.base_url}/hooks/meta/"
    world.store.add("fb_page", **columns, fields=FB_FIELDS, callback=callback)
    token = {
        "token": f"sandbox-fb-token-{slug}",
        "network": "facebook",
        "kind": "page",
        "account": page["id"],
    }
    world.store.add("token", **token, scopes=FB_SCOPES, family=admin, fixed=1)


def add_customer(world: World, home: str, person: dict[str, Any]) -> None:
    """A customer on X, on Facebook, or on both."""
    if "x" in person:
        number, username = person["x"]
        world.store.add(
            "x_user",
            id=number,
            username=username,
            name=person["name"],
            home=home,
            mood=person.get("mood", ""),
            created_ms=now_ms() - 86_400_000 * 700,
            followers=person.get("followers", 120),
            protected=int(person.get("protected", False)),
            receives_dm=int(not person.get("no_dm", False)),
        )
    if "fb" in person:
        number, psid = person["fb"]
        world.store.add(
            "fb_person",
            id=number,
            psid=psid,
            name=person["name"],
            home=home,
            mood=person.get("mood", ""),
            anonymous=int(person.get("anonymous", False)),
            no_profile=int(person.get("no_profile", False)),
        )
