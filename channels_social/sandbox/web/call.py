"""One call to a network: what a gate has read of it, before an endpoint answers."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from email import message_from_bytes
from typing import Any

from starlette.requests import Request
from starlette.responses import Response


class Jason(Response):
    """A JSON answer, without spaces and in UTF-8, as the networks write it."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: Any) -> bytes:
        """Bytes of the answer."""
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass
class Call:
    """Method, path, first value of each query parameter, body; who calls is filled in by the gate."""

    method: str
    path: str
    query: dict[str, str]
    body: bytes
    headers: dict[str, str]
    named: dict[str, str] = field(default_factory=dict)
    form: dict[str, Any] = field(default_factory=dict)
    account: str = ""  # id of the account the token belongs to; "" for an app
    scopes: frozenset[str] = frozenset()
    token: str = ""
    app: bool = False
    connection: Any = None

    def json(self) -> Any:
        """The body as JSON; an empty body is `{}`; raises ValueError."""
        return json.loads(self.body) if self.body.strip() else {}


async def read_call(request: Request) -> Call:
    """The call a request makes."""
    return Call(
        method=request.method,
        path=request.url.path,
        query=dict(request.query_params),
        body=await request.body(),
        headers={k.lower(): v for k, v in request.headers.items()},
        named={k: str(v) for k, v in request.path_params.items()},
        connection=request,
    )


class File(bytes):
    """A file of a form: its bytes, and what its sender says of it."""

    name: str = ""
    kind: str = ""


def parse_multipart(kind: str, body: bytes) -> dict[str, Any]:
    """The parts of a multipart form by name: text as text, files as :class:`File`."""
    message = message_from_bytes(b"content-type: " + kind.encode("latin-1") + b"\r\n\r\n" + body)
    found: dict[str, Any] = {}
    for part in message.get_payload() if message.is_multipart() else []:
        data: Any = part.get_payload(decode=True) or b""  # type: ignore[union-attr]
        name = part.get_param("name", header="content-disposition")  # type: ignore[union-attr]
        filed = part.get_param("filename", header="content-disposition")  # type: ignore[union-attr]
        if filed is None:
            found[str(name)] = data.decode("utf-8", "replace")
            continue
        file = File(data)
        file.name, file.kind = part.get_filename() or "", part.get_content_type()  # type: ignore[union-attr]
        found[str(name)] = file
    return found


class HangUp(Response):
    """No answer at all: the connection is closed."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Tell the server to hang up."""
        await send({"type": "sandbox.hang_up"})
