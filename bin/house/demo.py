"""What the person reads when everything works: addresses and demo log-ins."""

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[2]))
from tickets.settings.demo import DEMO_PASSWORD, ORGANIZATIONS  # noqa: E402  (plain data, no Django)

ROLES = {"agent": "asesor", "trainee": "aprendiz", "supervisor": "supervisor", "admin": "administrador"}


def welcome(env: dict[str, str], *, seconds: float, people: bool) -> None:
    """Print it."""
    print(f"\nReady in {seconds:.1f} s.\n")
    print(f"  Circunflejo   {env['BASE_URL']}/")
    if env["SANDBOX_URL"]:
        print(f"  Sandbox       {env['SANDBOX_URL']}/   (a local X and Facebook: write there as a customer)")
    if people:
        print(f"\n  Demo log-ins, password for all: {DEMO_PASSWORD}\n")
        for organization in ORGANIZATIONS:
            for place, person in enumerate(organization.people):
                name = "" if place else organization.name
                print(f"  {name:<22} {person.email:<30} {ROLES[person.role]:<14} ^{person.initials}")
    print(f"\n  Logs in {env['CIRCUNFLEJO_VAR']}/log. Ctrl-C stops everything.\n", flush=True)
