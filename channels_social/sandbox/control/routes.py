"""Every control call."""

from __future__ import annotations

from starlette.routing import Route

from channels_social.sandbox.control import acts_facebook as fb
from channels_social.sandbox.control import acts_mail, settings, witness
from channels_social.sandbox.control import acts_person as person
from channels_social.sandbox.control import acts_x as x
from channels_social.sandbox.control.gate import route
from channels_social.sandbox.world import World

CALLS = (
    ("POST", "/reset", settings.reset),
    ("GET", "/state", settings.state),
    ("GET", "/faults", settings.faults),
    ("PUT", "/faults", settings.set_faults),
    ("DELETE", "/faults", settings.clear_faults),
    ("GET", "/settings", settings.rules),
    ("PUT", "/settings", settings.set_rules),
    ("PUT", "/limits", settings.set_limits),
    ("GET", "/day", settings.day),
    ("PUT", "/day", settings.set_day),
    ("POST", "/companies", settings.create_company),
    ("PUT", "/companies/{slug}/capabilities", settings.set_capabilities),
    ("POST", "/customers", settings.create_customer),
    ("POST", "/x/posts", x.post),
    ("PATCH", "/x/posts/{id}", x.edit),
    ("DELETE", "/x/posts/{id}", x.delete),
    ("POST", "/x/dms", x.dm),
    ("POST", "/x/dm_signals", x.dm_signal),
    ("POST", "/x/chat", x.chat),
    ("POST", "/x/likes", x.like),
    ("POST", "/x/follows", x.follow),
    ("PATCH", "/x/users/{who}", x.change_user),
    ("POST", "/x/revoke", x.revoke),
    ("POST", "/facebook/comments", fb.comment),
    ("PATCH", "/facebook/comments/{id}", fb.change_comment),
    ("DELETE", "/facebook/comments/{id}", fb.delete_comment),
    ("POST", "/facebook/posts", fb.post),
    ("PATCH", "/facebook/posts/{id}", fb.change_post),
    ("DELETE", "/facebook/posts/{id}", fb.delete_post),
    ("POST", "/facebook/messages", fb.message),
    ("PATCH", "/facebook/messages/{mid}", fb.edit_message),
    ("DELETE", "/facebook/messages/{mid}", fb.unsend),
    ("POST", "/facebook/signals", fb.signal),
    ("POST", "/facebook/reactions", fb.reaction),
    ("PATCH", "/facebook/people/{who}", fb.change_person),
    ("POST", "/facebook/revoke", fb.revoke),
    ("POST", "/facebook/deauthorize", person.deauthorize),
    ("POST", "/facebook/data_deletion", person.ask_deletion),
    ("GET", "/posts", witness.posts),
    ("GET", "/dms", witness.dms),
    ("GET", "/comments", witness.comments),
    ("GET", "/fb_posts", witness.visitor_posts),
    ("GET", "/messages", witness.messages),
    ("POST", "/mail", acts_mail.write),
    ("GET", "/mail", acts_mail.letters),
    ("PUT", "/mail/faults", acts_mail.set_faults),
    ("GET", "/wire", witness.wire),
    ("GET", "/ledger", witness.ledger),
    ("GET", "/deliveries", witness.deliveries),
)


def control_routes(world: World) -> list[Route]:
    """Routes under /control."""
    return [route(world, method, path, answer) for method, path, answer in CALLS]
