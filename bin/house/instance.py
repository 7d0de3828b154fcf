"""One instance: a state folder with its secrets, its ports and the environment its programs get."""

import base64
import errno
import hashlib
import hmac
import json
import os
import secrets
import socket
from dataclasses import dataclass, field
from pathlib import Path

from house import places
from house.terminal import Trouble

ROOT = Path(__file__).resolve().parents[2]
FIRST_PORT, PORT_PAIRS = 8400, 750  # 8400 … 9899: below every system's ephemeral range


@dataclass
class Instance:
    """What `instance.json` remembers, beside where it lies. `kept` goes to the file unchanged."""

    var: Path
    kept: dict = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Eight hex digits: part of role names, cookie names and key prefixes."""
        return self.kept["instance"]

    @property
    def file(self) -> Path:
        return self.var / "instance.json"

    def save(self) -> None:
        """Write `instance.json` (0600) so that a crash leaves the old or the new one."""
        draft = self.file.with_suffix(".new")
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as out:
            json.dump(self.kept, out, indent=1, sort_keys=True)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(self.file)


def load(var: Path) -> Instance:
    """The instance of the state folder `var`, made with fresh secrets when it is new. Trouble when copied."""
    var = Path(os.path.realpath(var))
    places.folder(var, mode=0o755)
    places.folder(var / "run")
    places.folder(var / "log")
    places.folder(var / "static", mode=0o755)  # whitenoise warns when there is none
    instance = Instance(var)
    if instance.file.exists():
        instance.kept = json.loads(instance.file.read_text())
        _refuse_copy(instance)
    elif any((var / "pg").glob("*/PG_VERSION")):
        raise Trouble(
            f"{instance.file} is missing, but {var / 'pg'} holds data that its keys protect. Put the file "
            f"back, or move {var} away to begin empty."
        )
    if _complete(instance):
        instance.save()
    return instance


def _refuse_copy(instance: Instance) -> None:
    before = Path(instance.kept.get("var", instance.var))
    if before == instance.var or not (before / "instance.json").exists():
        return
    if not before.samefile(instance.var):
        raise Trouble(
            f"{instance.var} is a copy of {before}, which still exists; both would use the same data. "
            f"Remove {instance.var} to begin empty here."
        )


def _complete(instance: Instance) -> bool:
    """Fill in what is missing; True when something was. The name survives a move of the checkout."""
    here = ROOT if instance.var == ROOT / "var" else instance.var
    wanted = {
        "instance": lambda: places.digest(here),
        "secret_key": lambda: secrets.token_urlsafe(48),
        "encryption_keys": lambda: base64.urlsafe_b64encode(os.urandom(32)).decode(),
        "superuser_password": lambda: secrets.token_hex(24),
        "owner_password": lambda: secrets.token_hex(24),
    }
    missing = {key: make() for key, make in wanted.items() if key not in instance.kept}
    changed = bool(missing) or instance.kept.get("var") != str(instance.var)
    instance.kept.update(missing, var=str(instance.var))
    return changed


def free(port: int, host: str = "127.0.0.1") -> bool:
    """Nobody listens on this TCP port, on either loopback family."""
    for family, address in ((socket.AF_INET, host), (socket.AF_INET6, "::1")):
        try:
            with socket.socket(family) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind((address, port))
        except OSError as error:
            if family == socket.AF_INET or error.errno == errno.EADDRINUSE:
                return False
    return True


def choose_ports(instance: Instance) -> tuple[int, int]:
    """(door, sandbox): PORT and SANDBOX_PORT, else those remembered, else the first free pair from our hash.

    Call it when nothing of this instance runs. Trouble when a port that was asked for is taken.
    """
    asked = [_asked("PORT"), _asked("SANDBOX_PORT")]
    for port in filter(None, asked):
        if not free(port):
            raise Trouble(
                f"Port {port} is taken by another program. Choose another with PORT and SANDBOX_PORT."
            )
    pair = instance.kept.get("ports") or _first_free_pair(instance)
    if not all(asked) and not all(free(port) for port in pair):
        pair = _first_free_pair(instance)
    if pair != instance.kept.get("ports"):
        instance.kept["ports"] = list(pair)
        instance.save()
    door = asked[0] or pair[0]
    return door, asked[1] or (pair[1] if pair[1] != door else door + 1)


def addresses(instance: Instance) -> tuple[int, int]:
    """(door, sandbox) without looking whether they are free: for what only needs to know the addresses."""
    pair = instance.kept.get("ports") or choose_ports(instance)
    return _asked("PORT") or pair[0], _asked("SANDBOX_PORT") or pair[1]


def _asked(variable: str) -> int | None:
    text = os.environ.get(variable, "")
    if not text:
        return None
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise Trouble(f"{variable}={text} is not a port number.")
    return int(text)


def _first_free_pair(instance: Instance) -> list[int]:
    start = int(hashlib.sha256(instance.name.encode()).hexdigest(), 16) % PORT_PAIRS
    for turn in range(PORT_PAIRS):
        door = FIRST_PORT + 2 * ((start + turn) % PORT_PAIRS)
        if free(door) and free(door + 1):
            return [door, door + 1]
    raise Trouble("No two neighbouring ports are free between 8400 and 9899. Set PORT and SANDBOX_PORT.")


def role(instance_name: str, which: str) -> str:
    """The database role `owner`, `app` or `worker` of an instance."""
    return f"circunflejo_{instance_name}_{which}"


def role_password(secret_key: str, user: str) -> str:
    """Password of the `app` and `worker` roles; helpdesk.settings derives the same one."""
    return hmac.new(secret_key.encode(), f"role:{user}".encode(), hashlib.sha256).hexdigest()
