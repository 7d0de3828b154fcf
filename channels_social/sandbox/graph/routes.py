"""Every endpoint of the local Graph."""

from __future__ import annotations

from starlette.routing import Route

from channels_social.sandbox.world import World

from . import messages, reads, writes
from .gate import Spec, endpoint

SPECS = (
    Spec("GET", "/me/accounts", reads.accounts),
    Spec("POST", "/{id}/messages", messages.send),
    Spec("POST", "/{id}/comments", writes.comment),
    Spec("POST", "/{id}/feed", writes.publish),
    Spec("POST", "/{id}/likes", writes.like),
    Spec("DELETE", "/{id}/likes", writes.like),
    Spec("GET", "/{id}/{edge}", reads.an_edge),
    Spec("GET", "/{id}", reads.node),
    Spec("POST", "/{id}", writes.change),
    Spec("DELETE", "/{id}", writes.remove),
    Spec("GET", "/", reads.many),
)


def graph_routes(world: World) -> list[Route]:
    """Routes under /graph/{version}."""
    base = "/graph/{version}"
    return [Route(base + spec.path, endpoint(world, spec), methods=[spec.method]) for spec in SPECS]
