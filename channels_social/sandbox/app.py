"""The sandbox as one ASGI application."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from channels_social.sandbox.control.routes import control_routes
from channels_social.sandbox.graph.routes import graph_routes
from channels_social.sandbox.page.views import page_routes
from channels_social.sandbox.web.call import Jason
from channels_social.sandbox.world import World
from channels_social.sandbox.x.problems import KIND
from channels_social.sandbox.x.routes import x_routes


def build_app(world: World) -> Starlette:
    """Every route of a world that is already built."""

    async def health(request: Request) -> Response:
        return Jason({"ok": True})

    async def media(request: Request) -> Response:
        row = world.store.one("SELECT mime, bytes FROM media WHERE id = ?", request.path_params["number"])
        return Response(row["bytes"], media_type=row["mime"]) if row else Response(status_code=404)

    routes: list[BaseRoute] = [Route("/health", health), Route("/media/{number}", media)]
    routes += [*page_routes(world)]
    routes += x_routes(world) + graph_routes(world) + control_routes(world)
    return Starlette(routes=routes, exception_handlers={404: not_found, 405: not_found})


async def not_found(request: Request, error: Exception) -> Response:
    """404 as the network concerned would say it."""
    if request.url.path.startswith("/graph/"):
        message = "Unknown path components: " + request.url.path
        return Jason({"error": {"message": message, "type": "OAuthException", "code": 2500}}, 400)
    body = {"title": "Not Found", "detail": "Not Found", "type": KIND + "resource-not-found", "status": 404}
    return Jason(body, 404)
