"""Tells the pages of an organization that something about its incidents changed: they fetch it, each as its reader."""

from __future__ import annotations

from helpdesk.push import publish


def announce_incidents(organization_id: int) -> None:
    """The pinned statement, the board and the list of incidents look again. Nothing of them is in the frame."""
    publish(organization_id, [("incident", "{}")])
