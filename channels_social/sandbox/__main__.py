"""`python -m channels_social.sandbox`: listen until told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
import sys

from channels_social.sandbox.app import build_app
from channels_social.sandbox.day.player import Player
from channels_social.sandbox.environ import Environ, read_environ
from channels_social.sandbox.mail.start import listen as serve_mail
from channels_social.sandbox.seed import plant
from channels_social.sandbox.web.server import listen
from channels_social.sandbox.world import World, build_world


def hosts_of(environ: Environ) -> list[str]:
    """Addresses to bind.

    Every loopback one for `localhost`, so that a browser finds it under either family.
    """
    if environ.host != "localhost":
        return [environ.host]
    found = ["127.0.0.1"]
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as trial:
        trial.bind(("::1", 0))
        found.append("::1")
    return found


async def deliver_mail(world: World) -> None:
    """The mail server beside it; without its ports the rest goes on."""
    environ, host = world.environ, hosts_of(world.environ)[0]
    try:
        servers = await serve_mail(world.post, host, environ.smtp_port, environ.imap_port)
    except OSError as error:
        print(f"sandbox: no mail server: {error}", file=sys.stderr)
        return
    smtp, imap = (one.sockets[0].getsockname()[1] for one in servers)
    world.mail = (host, smtp, imap)
    print(f"sandbox: SMTP {host}:{smtp}, IMAP {host}:{imap}", flush=True)


async def run(environ: Environ) -> None:
    """Build the world, serve it, and put it away in order on SIGTERM or SIGINT."""
    world = build_world(environ)
    plant(world)
    world.day = Player(world)
    world.courier.start()
    world.day.start()
    server = await listen(build_app(world), hosts_of(environ), environ.port)
    await deliver_mail(world)
    print(f"sandbox: {environ.sandbox_url} → {environ.base_url}", flush=True)
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    await stop.wait()
    server.close()
    world.close()


def main() -> int:
    """Run; 1 when the address is taken."""
    environ = read_environ()
    try:
        asyncio.run(run(environ))
    except OSError as error:
        print(f"sandbox: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
