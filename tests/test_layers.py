"""Imports run one way: between the apps, between the rooms of the desk, and inside a room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APPS = ("channels_social", "protocols", "faq", "tickets")
# What every tenant needs, and what is composed of everything.
BASE = (
    "tenancy",
    "audit",
    "secrets",
    "clock",
    "cache",
    "http",
    "ui",
    "text",
    "stems",
    "env",
    "push",
    "apps",
    "models",
    "migrations",
    "site",
)
TOP = (
    "urls", "public_urls", "settings", "celery", "asgi", "wsgi", "door", "serve", "preload", "middleware", "views",
    "events", "entrance", "management", "pool",
)  # fmt: skip
ROOMS = (
    "triage", "customers", "cases", "team", "clocks", "commitments", "guidance", "replies", "aftercontact", "areas",
    "intake", "incidents", "privacy", "search", "insights", "questions", "console", "listening", "doors",
    "escalation", "supervision", "settings", "api", "public",
)  # fmt: skip
# Django's own doors, the shared words, and the tasks that join the rooms.
OUTSIDE_ROOMS = ("models", "enums", "tasks", "apps", "migrations", "management")
# Verbs and rows of `settings` that earlier rooms need: an organization's own policies.
ALLOWED = {("clocks", "tickets.settings.models"), ("replies", "tickets.settings.models"),
           ("console", "tickets.settings.models")}  # fmt: skip


def _files(folder: str) -> Iterator[tuple[str, Path]]:
    for path in sorted((ROOT / folder).rglob("*.py")):
        yield ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), path


@cache
def _imports(path: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found += (node.module, *(f"{node.module}.{alias.name}" for alias in node.names))
    return tuple(found)


def _broken(folder: str, forbidden) -> list[str]:
    return [
        f"{module} imports {name}"
        for module, path in _files(folder)
        for name in _imports(path)
        if forbidden(module, name)
    ]


def test_lower_apps_do_not_see_each_other_nor_the_desk():
    def forbidden(module: str, name: str) -> bool:
        own, other = module.split(".")[0], name.split(".")[0]
        return other in APPS and other != own and not module.endswith("migrations.0002_security")

    assert [found for app in APPS[:3] for found in _broken(app, forbidden)] == []


def test_base_of_helpdesk_sees_no_app():
    def forbidden(module: str, name: str) -> bool:
        parts = module.split(".")
        return len(parts) > 1 and parts[1] in BASE and name.split(".")[0] in APPS

    assert _broken("helpdesk", forbidden) == []


def test_every_module_of_helpdesk_has_its_place():
    found = {module.split(".")[1] for module, _path in _files("helpdesk") if "." in module}

    assert found - set(BASE) - set(TOP) == set()


def test_no_app_sees_what_is_composed_of_all():
    def forbidden(module: str, name: str) -> bool:
        return any(name == f"helpdesk.{top}" or name.startswith(f"helpdesk.{top}.") for top in TOP)

    assert [found for app in APPS for found in _broken(app, forbidden)] == []


def test_sandbox_imports_nothing_of_ours():
    def forbidden(module: str, name: str) -> bool:
        ours = name.split(".")[0] in (*APPS, "helpdesk", "django")
        return ours and not name.startswith("channels_social.sandbox")

    assert _broken("channels_social/sandbox", forbidden) == []


def test_rooms_of_the_desk_see_earlier_rooms_only():
    def forbidden(module: str, name: str) -> bool:
        own, other = module.split("."), name.split(".")
        if own[1] in OUTSIDE_ROOMS or other[0] != "tickets" or len(other) < 2 or other[1] not in ROOMS:
            return False
        allowed = any(own[1] == room and name.startswith(target) for room, target in ALLOWED)
        return ROOMS.index(other[1]) > ROOMS.index(own[1]) and not allowed

    assert _broken("tickets", forbidden) == []


def test_inside_a_room_views_are_seen_by_nobody_but_urls():
    def forbidden(module: str, name: str) -> bool:
        return (
            ".views" in name
            and name.split(".")[0] in APPS
            and ".views" not in module
            and ".sandbox." not in module
            and not module.endswith("urls")
        )

    assert [found for app in APPS for found in _broken(app, forbidden)] == []


def test_rules_are_pure():
    def forbidden(module: str, name: str) -> bool:
        pure = ".rules" in module or module.endswith(("decide", "casework", "windows")) and "intake" in module
        return pure and name.startswith(("django.db", "django.conf", "celery", "redis", "requests"))

    def in_rules(module: str, name: str) -> bool:
        return forbidden(module, name) and name not in ("django.db.models", "django.db.models.TextChoices")

    assert [found for app in APPS for found in _broken(app, in_rules)] == []
