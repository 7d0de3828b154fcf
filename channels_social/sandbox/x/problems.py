"""X's errors: `application/problem+json`, and the partial errors inside a 200 (docs.x.com, "Errors")."""

from __future__ import annotations

from typing import Any

KIND = "https://api.twitter.com/2/problems/"
NOT_SUMMONED = (
    "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by "
    "the author of the post you are replying to."
)
DUPLICATE = "You are not allowed to create a Tweet with duplicate content."
REPLY_GONE = "You attempted to reply to a Tweet that is deleted or not visible to you."
TOO_LONG = (
    "Your Tweet text is too long. For more information on how Twitter determines text length see "
    "https://github.com/twitter/twitter-text."
)
NOT_PERMITTED = "You are not permitted to perform this action."
DM_REFUSED = "You do not have permission to DM one or more participants."
LEGACY_88 = {"errors": [{"code": 88, "message": "Rate limit exceeded"}]}
ACCESS_LEVEL = {
    "errors": [
        {
            "message": "You currently have access to a subset of X API V2 endpoints and limited v1.1 "
            "endpoints (e.g. media post, oauth) only. If you need access to this endpoint, you may need a "
            "different access level. You can learn more here: https://developer.x.com/en/portal/product",
            "code": 453,
        }
    ]
}
TITLES = {401: "Unauthorized", 403: "Forbidden", 429: "Too Many Requests", 503: "Service Unavailable"}


class Problem(Exception):
    """An answer that is an error: status and body."""

    def __init__(self, status: int, body: dict[str, Any]) -> None:
        super().__init__(status, body)
        self.status, self.body = status, body


def plain(status: int, detail: str = "") -> Problem:
    """The `about:blank` shape: 401, 403, 429, 503."""
    title = TITLES.get(status, "Error")
    return Problem(
        status, {"title": title, "type": "about:blank", "status": status, "detail": detail or title}
    )


def invalid(message: str, **parameters: Any) -> Problem:
    """400, naming the parameters that were wrong."""
    wrong = {name: [str(value)] for name, value in parameters.items()}
    return Problem(
        400,
        {
            "errors": [{"message": message, "parameters": wrong}],
            "title": "Invalid Request",
            "detail": "One or more parameters to your request was invalid.",
            "type": KIND + "invalid-request",
        },
    )


def missing(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """A partial error: this object is not there (deleted, suspended, never was)."""
    return {
        "value": value,
        "detail": f"Could not find {kind} with {parameter}: [{value}].",
        "title": "Not Found Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": KIND + "resource-not-found",
    }


def unauthorized(kind: str, parameter: str, value: str) -> dict[str, Any]:
    """A partial error: this object may not be seen (protected, blocked)."""
    shown = "Tweet" if kind == "tweet" else kind.capitalize()
    return {
        "value": value,
        "detail": f"Sorry, you are not authorized to see the {shown} with {parameter}: [{value}].",
        "title": "Authorization Error",
        "resource_type": kind,
        "parameter": parameter,
        "resource_id": value,
        "type": KIND + "not-authorized-for-resource",
    }
