"""What the page of a case offers a colleague is what the server lets them do: no button leads to a refusal."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from django.test import Client

from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.permissions import Role
from tickets.cases.access import AccessKind, CaseAccess

_VOID = frozenset({"input", "img", "br", "hr", "meta", "link", "circle", "path", "use"})


class Offered(HTMLParser):
    """Addresses of forms and of what is fetched, without what style hides from who lacks a permission."""

    def __init__(self, html: str, held: list[str]) -> None:
        super().__init__()
        self.held, self.open, self.posts, self.gets = held, [], set(), set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {name: value or "" for name, value in attrs}
        needed = [one[6:] for one in said.get("class", "").split() if one.startswith("needs-")]
        hidden = bool(self.open and self.open[-1]) or any(one not in self.held for one in needed)
        if tag not in _VOID:
            self.open.append(hidden)
        if hidden:
            return
        for name, into in (("hx-post", self.posts), ("formaction", self.posts), ("hx-get", self.gets)):
            if name in said:
                into.add(said[name])
        if tag == "form" and said.get("method") == "post":
            self.posts.add(said["action"])

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID and self.open:
            self.open.pop()


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.ADMIN, Role.AUDITOR)])
def test_no_button_of_a_case_leads_to_a_refusal(cast, people, say, at, brand, role):
    member = getattr(people, role)
    ticket = say("me cobraron dos veces la cuota", account=brand if role == Role.MARKETING else None)
    with tenant(cast.bank.pk):
        if role == Role.AREA:
            CaseAccess.objects.create(
                organization=cast.bank, ticket=ticket, member=member, kind=AccessKind.AREA
            )
        if role == Role.TRAINEE:
            type(ticket).objects.filter(pk=ticket.pk).update(assignee=member)
    client = at(member)
    page = f"/frailejon/casos/{ticket.number}/"
    opened = client.get(page)
    assert opened.status_code == 200
    offered = Offered(opened.content.decode(), member.permissions)
    offered.feed(client.get(f"{page}cliente/", headers={"HX-Request": "true"}).content.decode())

    assert [url for url in sorted(offered.gets) if client.get(url).status_code == 403] == []
    assert {url for url in sorted(offered.posts) if "/casos/" in url and refuses(at(member), url)} == set()


def refuses(client: Client, url: str) -> bool:
    return client.post(url, {}).status_code == 403
