"""Every endpoint of the local X, with the scopes its documentation asks for."""

from __future__ import annotations

from starlette.routing import Route

from channels_social.sandbox.world import World
from channels_social.sandbox.x import dm_reads, dm_sends, media, oauth, reads, webhooks, writes
from channels_social.sandbox.x.gate import Spec, endpoint

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
    Spec("GET", "/2/dm_events", dm_reads.events, DM_READ),
    Spec("GET", "/2/dm_events/{id}", dm_reads.one_event, DM_READ),
    Spec("DELETE", "/2/dm_events/{id}", dm_sends.delete_event, ("dm.read", "dm.write")),
    Spec("GET", "/2/dm_conversations/with/{id}/dm_events", dm_reads.events_with, DM_READ),
    Spec(
        "GET", "/2/dm_conversations/media/{dm_id}/{media_id}/{resource_id}", dm_reads.download, ("dm.read",)
    ),
    Spec("GET", "/2/dm_conversations/{id}/dm_events", dm_reads.events_of, DM_READ),
    Spec("POST", "/2/dm_conversations", dm_sends.send_new, DM_WRITE),
    Spec("POST", "/2/dm_conversations/with/{id}/messages", dm_sends.send_with, DM_WRITE),
    Spec("POST", "/2/dm_conversations/{id}/messages", dm_sends.send_to, DM_WRITE),
    Spec("POST", "/2/media/upload", media.upload, ("media.write",)),
    Spec("POST", "/2/media/metadata", media.describe, ("media.write",)),
    Spec("POST", "/2/webhooks", webhooks.create, app=True, user=False, waits=True),
    Spec("GET", "/2/webhooks", webhooks.listed, app=True, user=False),
    Spec("PUT", "/2/webhooks/{id}", webhooks.check, app=True, user=False, waits=True),
    Spec("DELETE", "/2/webhooks/{id}", webhooks.remove, app=True, user=False),
    Spec("POST", "/2/activity/subscriptions", webhooks.subscribe, app=True),
    Spec("GET", "/2/activity/subscriptions", webhooks.subscriptions, app=True),
    Spec("PUT", "/2/activity/subscriptions/{id}", webhooks.change, app=True),
    Spec("DELETE", "/2/activity/subscriptions/{id}", webhooks.unsubscribe, app=True),
    Spec("GET", "/i/oauth2/authorize", oauth.authorize, open=True),
    Spec("POST", "/i/oauth2/authorize", oauth.decide, open=True),
    Spec("POST", "/2/oauth2/token", oauth.token, open=True),
    Spec("POST", "/2/oauth2/revoke", oauth.revoke, open=True),
)


def x_routes(world: World) -> list[Route]:
    """Routes under /x."""
    return [Route("/x" + spec.path, endpoint(world, spec), methods=[spec.method]) for spec in SPECS]
