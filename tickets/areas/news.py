"""Telling the consoles what an area did. The console is a later room: the news goes as a task."""

from __future__ import annotations

import logging

from celery import current_app

logger = logging.getLogger(__name__)


def announce_later(organization_id: int, ticket_id: int) -> None:
    """Ask the inbox worker to push the case to the consoles. Never raises: a page that is opened is true anyway."""
    try:
        current_app.send_task(
            "tickets.announce_case",
            args=[organization_id, ticket_id],
            queue="inbox",
            retry=False,
            ignore_result=True,
        )
    except Exception as error:  # kombu, redis and the socket each have their own
        logger.warning("the consoles hear of case %s later: %s", ticket_id, type(error).__name__)
