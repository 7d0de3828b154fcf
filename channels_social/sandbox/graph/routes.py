"""Every endpoint of the local Graph."""

from __future__ import annotations

from starlette.routing import Route

from channels_social.sandbox.graph import files, login, messages, reads, writes
from channels_social.sandbox.graph.gate import Spec, endpoint
from channels_social.sandbox.world import World

SPECS = (
    Spec("GET", "/me/accounts", reads.accounts),
    Spec("GET", "/oauth/access_token", login.access_token, open=True),
    Spec("POST", "/oauth/access_token", login.access_token, open=True),
    Spec("GET", "/debug_token", login.debug_token),
    Spec("GET", "/{id}/subscribed_apps", login.subscribed),
    Spec("POST", "/{id}/subscribed_apps", login.subscribe),
    Spec("DELETE", "/{id}/subscribed_apps", login.unsubscribe),
    Spec("POST", "/{id}/subscriptions", login.app_subscriptions, waits=True),
    Spec("POST", "/{id}/messages", messages.send),
    Spec("POST", "/{id}/message_attachments", files.upload),
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
    base, dialog = "/graph/{version}", "/facebook/{version}/dialog/oauth"
    routes = [Route(base + spec.path, endpoint(world, spec), methods=[spec.method]) for spec in SPECS]
    for spec in (Spec("GET", dialog, login.dialog, open=True), Spec("POST", dialog, login.decide, open=True)):
        routes.append(Route(spec.path, endpoint(world, spec), methods=[spec.method]))
    return routes
