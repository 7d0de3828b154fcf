"""The page of the local mail: write as anybody, read what anybody got. Works without script."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from channels_social.sandbox.control.acts_mail import compose, shown
from channels_social.sandbox.page.templates import page
from channels_social.sandbox.world import World

MOST = 60
EMPTY = '<p class="nothing">Este buzón está vacío. Lo que la empresa escriba a esta dirección se ve aquí.</p>'


def show(world: World, request: Request) -> Response:
    """GET /correo?empresa=&buzon=&responde=: a box, and the form to write to the company."""
    slug = request.query_params.get("empresa", "")
    company = world.store.one("SELECT * FROM company WHERE slug = ?", slug) or world.store.one(
        "SELECT * FROM company ORDER BY rowid LIMIT 1"
    )
    assert company is not None, "the sandbox is always seeded"
    support = f"soporte@{company['slug']}.example"
    box = request.query_params.get("buzon", "").strip().lower() or "diana@correo.example"
    letters = [shown(one) for one in reversed(world.post.box(box)["INBOX"].letters[-MOST:])]
    answered = next((one for one in letters if str(one["uid"]) == request.query_params.get("responde")), None)
    host, smtp, imap = world.mail or ("–", 0, 0)
    return page(
        "mail.html",
        company=company["slug"],
        company_name=company["name"],
        support=support,
        box=box,
        boxes_html="".join(
            f'<a href="?{_address(company["slug"], one)}"{_here(one == box)}>{escape(one)}</a>'
            for one in sorted({*world.post.boxes, box})
        ),
        to=_bare(answered["from"]) if answered else support,
        subject=_again(answered["subject"]) if answered else "",
        answers=answered["message_id"] if answered else "",
        letters_html="".join(_letter(company["slug"], box, one) for one in letters) or EMPTY,
        host=host,
        smtp=str(smtp),
        imap=str(imap),
    )


async def write(world: World, request: Request) -> Response:
    """POST /correo: a letter leaves for somebody's box."""
    form = {
        name: values[0]
        for name, values in parse_qs((await request.body()).decode("utf-8", "replace")).items()
    }
    told = {name: form.get(name, "") for name in ("sender", "to", "subject", "text", "answers")}
    if "@" in told["sender"] and "@" in told["to"]:
        told = {name: value if name == "text" else " ".join(value.split()) for name, value in told.items()}
        world.post.deliver(told["to"], compose(**told))
    return RedirectResponse(
        f"/correo?{_address(form.get('empresa', ''), _bare(told['sender']))}", status_code=303
    )


def _letter(company: str, box: str, letter: dict[str, object]) -> str:
    reply = f"?{_address(company, box)}&amp;responde={letter['uid']}#escribir"
    return (
        f'<article class="panel letter"><header><b>{escape(str(letter["subject"]) or "(sin asunto)")}</b>'
        f'<span class="t-xs faint">{escape(str(letter["from"]))} · {escape(str(letter["at"])[:16])}</span></header>'
        f'<p class="said">{escape(str(letter["text"]).strip())}</p>{_files(letter["files"])}'
        f'<footer><a class="btn btn-sm" href="{reply}">Responder</a></footer></article>'
    )


def _files(files: Any) -> str:
    """What came with it: pictures to be seen, the rest by name."""
    told = ""
    for one in files:
        name, data = escape(one["name"]), f"data:{one['mime']};base64,{one['base64']}"
        if one["mime"].startswith("image/"):
            told += f'<img class="shot" src="{data}" alt="{name}">'
        else:
            told += f'<a class="shot-file" href="{data}" download="{name}">{name}</a>'
    return told


def _address(company: str, box: str) -> str:
    return urlencode({"empresa": company, "buzon": box}, quote_via=quote)


def _here(is_here: bool) -> str:
    return ' aria-current="true"' if is_here else ""


def _bare(address: object) -> str:
    text = str(address)
    return text.rpartition("<")[2].rstrip(">").strip().lower()


def _again(subject: object) -> str:
    words = str(subject)
    return words if words.lower().startswith("re:") else f"Re: {words}"
