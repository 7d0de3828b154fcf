"""The Graph API's errors: one shape, told apart by code and subcode (Meta, "Handling errors")."""

from __future__ import annotations

import secrets
from typing import Any

OUTSIDE_WINDOW = (
    "(#10) This message is sent outside of allowed window. Learn more about the new policy here: "
    "https://developers.facebook.com/docs/messenger-platform/policy-overview"
)


class GraphProblem(Exception):
    """An answer that is an error: HTTP status and the `error` object."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(status, error)
        self.status = status
        self.body = {"error": error | {"fbtrace_id": "A" + secrets.token_urlsafe(16)}}


def oauth(code: int, message: str, *, subcode: int = 0, status: int = 400, **more: Any) -> GraphProblem:
    """An error of the usual type."""
    error: dict[str, Any] = {"message": message, "type": "OAuthException", "code": code}
    return GraphProblem(status, error | ({"error_subcode": subcode} if subcode else {}) | more)


def no_object(number: str, verb: str = "get") -> GraphProblem:
    """100/33: it is gone, or this token may not see it; Graph does not say which."""
    message = (
        f"Unsupported {verb} request. Object with ID '{number}' does not exist, cannot be loaded due to "
        "missing permissions, or does not support this operation. Please read the Graph API documentation at "
        "https://developers.facebook.com/docs/graph-api"
    )
    error = {"message": message, "type": "GraphMethodException", "code": 100, "error_subcode": 33}
    return GraphProblem(400, error)


def bad_token(
    subcode: int = 0, message: str = "Invalid OAuth access token - Cannot parse access token"
) -> GraphProblem:
    """190: the token is not good (458 app removed, 460 password changed, 463 expired)."""
    return oauth(190, message, subcode=subcode)


REVOKED = "Error validating access token: The user has not authorized application {app}."
EXPIRED = "Error validating access token: Session has expired on Sunday, 22-Nov-26 03:00:00 PST. The current time is Sunday, 22-Nov-26 04:00:00 PST."  # noqa: E501
PASSWORD = "Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons."  # noqa: E501

# What the `forbidden` switch can make Graph say, by code.
FORBIDDEN: dict[int, tuple[int, str, int]] = {
    200: (403, "(#200) Requires pages_messaging permission to manage the object", 0),
    10: (400, OUTSIDE_WINDOW, 2018278),
    3: (400, "(#3) Application does not have the capability to make this API call.", 0),
    368: (400, "The action attempted has been deemed abusive or is otherwise disallowed", 1390008),
    551: (400, "(#551) This person isn't available right now.", 1545041),
}
# What the `rate_limited` switch can make Graph say, by code.
THROTTLED: dict[int, str] = {
    4: "(#4) Application request limit reached",
    17: "(#17) User request limit reached",
    32: "(#32) Page request limit reached",
    613: "(#613) Calls to this api have exceeded the rate limit.",
}
