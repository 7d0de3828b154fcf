"""Lets a member in: `python -m benches.entry SLUG [INITIALS]` prints the headers of a logged-in browser as JSON."""

from __future__ import annotations

import json
import sys


def main(slug: str, initials: str = "JC") -> dict[str, str]:
    """Cookie and CSRF headers, for a session made as after a log-in."""
    import django

    django.setup()
    from django.conf import settings
    from django.utils.crypto import get_random_string

    from benches.pages import member_of, session_of

    secret = get_random_string(32)
    cookies = {
        settings.SESSION_COOKIE_NAME: session_of(member_of(slug, initials).user),
        settings.CSRF_COOKIE_NAME: secret,
    }
    return {
        "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
        "X-CSRFToken": secret,
        "Origin": settings.BASE_URL,
    }


if __name__ == "__main__":
    print(json.dumps(main(*sys.argv[1:])))
