"""Every endpoint of the local X, with the scopes its documentation asks for."""

from __future__ import annotations

from starlette.routing import Route

from channels_social.sandbox.world import World

from . import dms, reads, writes
from .gate import Spec, endpoint

READ = ("tweet.read", "users.read")
WRITE = ("tweet.read", "tweet.write", "users.read")
DM_READ = ("dm.read", "tweet.read", "users.read")
DM_WRITE = ("dm.write", "tweet.read", "users.read")

SPECS = (
    Spec("GET", "/2/users/me", reads.me, READ),
    Spec("GET", "/2/users/by", reads.users, READ, app=True),
    Spec("GET", "/2/users/by/username/{username}", reads.user_named, READ, app=True),
    Spec("GET", "/2/users", reads.users, READ, app=True),
    Spec("GET", "/2/users/{id}", reads.one_user, READ, app=True),
    Spec("GET", "/2/users/{id}/mentions", reads.mentions, READ, app=True),
    Spec("GET", "/2/users/{id}/tweets", reads.user_tweets, READ, app=True),
    Spec("GET", "/2/tweets/search/recent", reads.search_recent, READ, app=True),
    Spec("GET", "/2/tweets", reads.tweets, READ, app=True),
    Spec("GET", "/2/tweets/{id}", reads.one_tweet, READ, app=True),
    Spec("POST", "/2/tweets", writes.create_tweet, WRITE),
    Spec("DELETE", "/2/tweets/{id}", writes.delete_tweet, WRITE),
    Spec("PUT", "/2/tweets/{id}/hidden", writes.hide_reply, ("tweet.moderate.write", *READ)),
    Spec("POST", "/2/users/{id}/likes", writes.like, ("like.write", *READ)),
    Spec("DELETE", "/2/users/{id}/likes/{tweet_id}", writes.unlike, ("like.write", *READ)),
    Spec("POST", "/2/users/{id}/following", writes.follow, ("follows.write", *READ)),
    Spec("DELETE", "/2/users/{id}/following/{target}", writes.unfollow, ("follows.write", *READ)),
    Spec("GET", "/2/dm_events", dms.events, DM_READ),
    Spec("GET", "/2/dm_events/{id}", dms.one_event, DM_READ),
    Spec("DELETE", "/2/dm_events/{id}", dms.delete_event, ("dm.read", "dm.write")),
    Spec("GET", "/2/dm_conversations/with/{id}/dm_events", dms.events_with, DM_READ),
    Spec("GET", "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}", dms.download, ("dm.read",)),
    Spec("GET", "/2/dm_conversations/{id}/dm_events", dms.events_of, DM_READ),
    Spec("POST", "/2/dm_conversations", dms.send_new, DM_WRITE),
    Spec("POST", "/2/dm_conversations/with/{id}/messages", dms.send_with, DM_WRITE),
    Spec("POST", "/2/dm_conversations/{id}/messages", dms.send_to, DM_WRITE),
)


def x_routes(world: World) -> list[Route]:
    """Routes under /x."""
    return [Route("/x" + spec.path, endpoint(world, spec), methods=[spec.method]) for spec in SPECS]
