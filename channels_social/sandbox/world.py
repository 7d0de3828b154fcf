"""Everything one sandbox is made of, handed to every function that needs it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from channels_social.sandbox.courier import Courier
from channels_social.sandbox.environ import Environ
from channels_social.sandbox.faults import Faults
from channels_social.sandbox.ids import Mint
from channels_social.sandbox.limits import Limits
from channels_social.sandbox.mail.post import Post
from channels_social.sandbox.store import Store
from channels_social.sandbox.web.wire import Wire

# Rules of the networks that tests may bend; GET/PUT /control/settings.
RULES: dict[str, Any] = {
    "summoned_rule": True,  # X: reply only where the author mentioned or quoted the account
    "implicit_mention_counts": True,  # X: a reply to our post counts as a mention
    "duplicate_window_s": 3600,  # X: the same text again within this time is refused
    "access_token_s": 7200,  # X: life of an OAuth 2.0 access token
    "code_s": 30,  # X: life of an authorization code
    "dm_windows": True,  # Facebook: 24 h and 7 day windows are enforced
}


@dataclass
class World:
    """The parts; built by `build_world`, ended by `close`."""

    environ: Environ
    store: Store
    mint: Mint
    faults: Faults
    wire: Wire
    courier: Courier
    limits: Limits
    post: Post = field(default_factory=Post)
    # (host, SMTP port, IMAP port) once the mail server listens.
    mail: tuple[str, int, int] | None = None
    day: Any = None

    def rule(self, name: str) -> Any:
        """A rule of the networks, as set or as it is by default."""
        return self.store.setting("rules", {}).get(name, RULES[name])

    def close(self) -> None:
        """Stop the threads and close the file."""
        self.courier.stop()
        if self.day is not None:
            self.day.stop()
        self.store.close()


def build_world(environ: Environ) -> World:
    """Open the file and put the parts together; nothing runs yet."""
    store = Store(environ.file)
    last = store.one(
        "SELECT max(i) AS i FROM (SELECT max(id) AS i FROM x_post UNION SELECT max(id) FROM x_dm)"
    )
    seq = "SELECT max(s) AS s FROM (SELECT max(seq) AS s FROM fb_post UNION SELECT max(seq) FROM fb_comment UNION SELECT max(seq) FROM fb_message)"  # noqa: E501
    highest = store.one(seq)
    mint = Mint((last and last["i"]) or 0, (highest and highest["s"]) or 0)
    faults, wire = Faults(store), Wire()
    return World(environ, store, mint, faults, wire, Courier(store, faults, wire), Limits())
