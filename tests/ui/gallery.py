"""The console's templates with invented people, for looking at them and for the browser tests.

``pages()`` needs no database: the view-model is plain values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace as Thing
from typing import Any

from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import timezone
from django.utils.safestring import mark_safe

from helpdesk.ui.row import queue_row
from helpdesk.ui.text import text_with_links
from tickets.console.message import story_html
from tickets.console.queries.messages import Item

ORG = Thing(slug="frailejon", name="Banco Frailejón", timezone="America/Bogota")
ME = Thing(
    id=1,
    initials="JC",
    display_name="Juan Carlos Rincón",
    permissions=["see_cases", "reply_public", "reply_private"],
)
TEAM = [
    Thing(id=1, initials="JC", name="Juan Carlos Rincón"),
    Thing(id=2, initials="PM", name="Paola Mejía"),
    Thing(id=3, initials="LO", name="Luisa Orozco"),
    Thing(id=4, initials="AT", name="Andrés Torres"),
]
KINDS = [("queja", "Queja"), ("reclamo", "Reclamo"), ("denuncia", "Denuncia"), ("peticion", "Petición")]


@dataclass
class Row:
    ticket_id: int
    name: str
    last_text: str
    minutes: float | None
    network: str = "x"
    private: bool = False
    priority: str = "medium"
    priority_label: str = ""
    kind_label: str = "Reclamo"
    unread: bool = False
    clock_kind: str = "next_response"
    clock_state: str = ""
    assignee_initials: str = ""
    assignee_name: str = ""
    state: str = "open"
    version: int = 1
    ago: float = 8
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    @property
    def unanswered_since(self) -> None:
        return None

    worked = None

    @property
    def number(self) -> str:
        return f"2026-{self.ticket_id:06d}"

    @property
    def url(self) -> str:
        return f"/frailejon/cases/{self.ticket_id}/"

    @property
    def due_at(self) -> datetime | None:
        return None if self.minutes is None else self.now + timedelta(minutes=self.minutes)

    @property
    def last_at(self) -> datetime:
        return self.now - timedelta(minutes=self.ago)


def rows() -> dict[str, list[Row]]:
    """The queue of the pictures, by group."""
    return {
        "late": [
            Row(
                1,
                "Wilmer Ortiz",
                "Llevo desde el martes sin entrar a la app, ¿es en serio?",
                -18.4,
                unread=True,
                priority="high",
                priority_label="alta",
                kind_label="Queja",
                assignee_initials="AT",
                ago=51,
            ),
            Row(
                2,
                "Rosario Peña",
                "Quedaron de llamarme ayer y nada. Así no se puede",
                -1440,
                "facebook",
                clock_kind="commitment",
                kind_label="Queja",
                assignee_initials="PM",
                ago=1440,
            ),
        ],
        "soon": [
            Row(
                3,
                "Diana Marcela Rojas",
                "Y otra vez «escríbanos por DM». Ya escribí dos veces",
                3.2,
                assignee_initials="JC",
                ago=3,
            ),
            Row(
                4,
                "Jhon Fredy Cárdenas",
                "Hay dos compras que yo no hice y ya bloqueé la tarjeta",
                7.7,
                "messenger",
                True,
                "critical",
                "fraude",
                "Denuncia",
                True,
                ago=7,
            ),
            Row(
                5,
                "Luz Ángela Quintero",
                "Ya les mandé el pantallazo del error 😔",
                14,
                "x_dm",
                True,
                assignee_initials="JC",
                ago=16,
            ),
        ],
        "today": [
            Row(
                6,
                "Óscar Iván Mena",
                "La señora Gladys, de la oficina de Quibdó, un diez 👏",
                130,
                "facebook",
                kind_label="Felicitación",
                ago=22,
            ),
            Row(7, "محمد علي", "مرحبا، لم أستلم البطاقة \u202eevil", 185, assignee_initials="PM", ago=34),
        ],
        "later": [
            Row(
                8,
                "<b>Hernán</b> & Cía",
                "¿Me confirma la fecha del débito?",
                60 * 24 * 22,
                "messenger",
                True,
                clock_kind="resolution",
                assignee_initials="JC",
                ago=60,
            ),
            Row(
                9,
                "Claudia Restrepo",
                "Quedo pendiente",
                None,
                clock_state="paused",
                assignee_initials="PM",
                ago=4000,
            ),
        ],
    }


LABELS = {"late": "Vencidas", "soon": "En los próximos 30 minutos", "today": "Hoy", "later": "Más adelante"}


def queue_context(empty: bool = False) -> dict[str, Any]:
    """What ``_queue.html`` asks for."""
    groups = [
        Thing(
            key=key,
            label=LABELS[key],
            late=key == "late",
            n=0 if empty else len(found),
            html="" if empty else mark_safe("\n".join(queue_row(r) for r in found)),
        )
        for key, found in rows().items()
    ]
    views = [
        Thing(key="mine", label="Mías", count=9, url="/frailejon/?view=mine", current=False, late=False),
        Thing(key="open", label="Por vencer", count=43, url="/frailejon/", current=True, late=False),
        Thing(
            key="unanswered",
            label="Sin responder",
            count=23,
            url="/frailejon/?view=unanswered",
            current=False,
            late=False,
        ),
        Thing(
            key="overdue", label="Vencidas", count=2, url="/frailejon/?view=overdue", current=False, late=True
        ),
    ]
    key = tuple(tuple(vars(one).values()) for one in views)
    return {"view": "open", "views": views, "views_key": key, "groups": groups, "next_url": "", "search": ""}


# One instant for the whole story: the same message is the same HTML however often it is asked for.
STORY_BEGAN = datetime.now(UTC)


def message(id_: int | str, kind: str, text: str, minutes: float, **more: Any) -> Item:
    """One item of the story."""
    base: dict[str, Any] = {
        "id": str(id_),
        "kind": kind,
        "author_name": "Diana Marcela Rojas",
        "channel_icon": "x",
        "channel_label": "Pública",
        "at": STORY_BEGAN - timedelta(minutes=minutes),
        "html": text_with_links(text),
        "version": 1,
    }
    return Item(**{**base, **more})


def ours(id_: int, text: str, minutes: float, state: str, label: str, **more: Any) -> Item:
    """An answer of ours."""
    who = {"author_name": "Paola", "author_initials": "PM", "signature": "PM"}
    return message(id_, "out", text, minutes, state=state, state_label=label, **{**who, **more})


PRIVATE = {"public": False, "private": True, "channel_icon": "x_dm", "channel_label": "Mensaje directo"}


def messages() -> list[Item]:
    """A story with every kind of message."""
    picture = Thing(
        url="/static/img/caret.svg",
        name="comprobante.jpg",
        size_label="214 kB",
        is_image=False,
        state="stored",
    )
    pending = Thing(url="", name="audio.ogg", size_label="", is_image=False, state="pending")
    return [
        message(1, "event", "Llamada de 7 min con Luisa", 3000),
        message(2, "in", "@FrailejonAyuda van TRES días y nada 😤\nhttps://frailejon.example/x", 40),
        ours(
            3, "Hola, Diana. Lamentamos lo ocurrido.", 35, "", "", native=True, author_name="@FrailejonAyuda"
        ),
        message(4, "in", "", 30, deleted=True),
        message(
            5, "in", "Acá está el comprobante. Son dos cobros 🙏", 25, media=[picture, pending], **PRIVATE
        ),
        ours(
            6,
            "Recibido, Diana. Fraudes ya no necesita pedirle nada más.",
            22,
            "sent",
            "Enviada 10:26",
            **PRIVATE,
        ),
        message(
            "n7",
            "note",
            "@Juan Carlos Fraudes confirma el abono para hoy a las 4.",
            15,
            author_name="Luisa",
            author_initials="LO",
        ),
        message(8, "in", "مرحبا <script>alert(1)</script> \u202eal revés", 10, edited_at=STORY_BEGAN),
        ours(
            9,
            "Ya las marqué como no reconocidas.",
            8,
            "unknown",
            "No sabemos si salió",
            actions={"cancel_url": "/x/"},
        ),
        ours(
            10,
            "Diana, le escribimos por aquí.",
            6,
            "failed",
            "No salió",
            failure="Diana cerró sus mensajes",
            actions={"retry_url": "/r/", "cancel_url": "/c/"},
            **PRIVATE,
        ),
        ours(
            11,
            "Un momento, por favor.",
            5,
            "queued",
            "En cola",
            actions={"cancel_url": "/c/cancel/"},
            leaves_in=60,
            author_name="Juan Carlos",
            author_initials="JC",
            signature="JC",
        ),
        message(
            12, "in", "Y otra vez «escríbanos por DM». Si hoy no me responden me voy a la Superfinanciera.", 3
        ),
    ]


def composer(mode: str = "public", **more: Any) -> Thing:
    """The composer of the open case."""
    modes = [
        Thing(
            key="public",
            label="Pública",
            enabled=True,
            limit=280,
            counted="weighted",
            cost="US$ 0,01",
            each="0.01",
            more="0.015",
            link="0.2",
            why_not="",
            closes_at=None,
            hint="La verá cualquiera en X, desde @FrailejonAyuda",
        ),
        Thing(
            key="private",
            label="Privada",
            enabled=True,
            why_not="",
            hint="Solo la verá Diana, por mensaje directo",
            limit=10_000,
            counted="utf16",
            cost="US$ 0,015",
            each="0.015",
            more="0.015",
            link="0.015",
            closes_at=datetime.now(UTC) + timedelta(hours=5, minutes=48),
        ),
        Thing(
            key="note", label="Nota", enabled=True, why_not="", hint="Solo la verá el equipo", closes_at=None
        ),
    ]
    base: dict[str, Any] = {
        "mode": mode,
        "reply_mode": "public",
        "modes": modes,
        "to_label": "Diana",
        "network": "x",
        "limit": 280,
        "initials": "JC",
        "action_url": "/frailejon/cases/3/reply/",
        "client_token": "t0",
        "text": "",
        "errors": [],
        "can_split": True,
        "dm_possible": "yes",
        "dm_sentence": "",
        "read_only": False,
    }
    return Thing(**{**base, **more})


def case_context(mode: str = "public", **more: Any) -> dict[str, Any]:
    """What ``_case.html`` and ``_who.html`` ask for."""
    now = datetime.now(UTC)
    case = Thing(
        id=3,
        number="4391",
        radicado="2026-004391",
        name="Diana Marcela Rojas",
        handle="@dianam_rojas",
        state="open",
        state_label="Abierto",
        kind="reclamo",
        kind_label="Reclamo",
        suggested_kind_label="Queja",
        priority="high",
        priority_label="alta",
        priority_why="Reiteración",
        assignee=TEAM[0],
        version=4,
        url="/frailejon/cases/3/",
    )
    clocks = [
        Thing(
            label="Siguiente",
            kind="next_response",
            state="",
            due_at=now + timedelta(minutes=3),
            text="",
            why="",
        ),
        Thing(
            label="Solución",
            kind="resolution",
            state="",
            due_at=now + timedelta(days=5),
            text="",
            why="3 días hábiles",
        ),
        Thing(label="Legal", kind="legal", state="", due_at=now + timedelta(days=22), text="", why=""),
        Thing(label="Primera", kind="first_response", state="met", due_at=now, text="5 min", why=""),
    ]
    identities = [
        Thing(network_icon="x", label="X", handle="@dianam_rojas", verified=True, state="verificada"),
        Thing(network_icon="phone", label="", handle="+57 310 ··· 4821", verified=False, state="sin validar"),
    ]
    past = Thing(
        icon="phone",
        title="Cobro doble en datáfono",
        url="/x/",
        number="2026-004127",
        date="23 nov",
        state_label="En otra área",
    )
    base = {
        "selected": 3,
        "case": case,
        "clocks": clocks,
        "story": story_html(messages()),
        "banner": None,
        "composer": composer(mode),
        "kinds": KINDS,
        "is_filed": True,
        "team": TEAM,
        "actions": Thing(
            resolve_url="/frailejon/cases/3/resolve/",
            reopen_url="",
            assign_url="/frailejon/cases/3/assign/",
            kind_url="/frailejon/cases/3/kind/",
            note_url="",
            consult_url="/frailejon/cases/3/consult/",
            article_url="/frailejon/cases/3/article/",
            put_aside_url="/frailejon/cases/3/aside/",
            aside_reasons=["Publicidad o sorteo", "No es para la empresa"],
            wait_url="/frailejon/cases/3/wait/",
            commitments_url="/frailejon/cases/3/commitments/",
        ),
        "access": Thing(reserve_url="/frailejon/cases/3/reserve/", named=[]),
        "typification": Thing(url="/frailejon/cases/3/motive/", whole="", motive="", proposals=[]),
        "customer": Thing(
            name="Diana Marcela Rojas", since="Nos escribe desde 2024", identities=identities, history=[past]
        ),
        "history": [past],
        "who_url": "/frailejon/cases/3/customer/",
        "account": Thing(
            name="@FrailejonAyuda", state="live", state_label="En vivo", sentence="Último evento hace 2 s"
        ),
    }
    return {**base, **more}


def request(path: str = "/frailejon/", theme: str = "") -> HttpRequest:
    """A request without a database behind it."""
    asked = RequestFactory().get(path)
    asked.user = Thing(is_authenticated=True, email="juancarlos@frailejon.example")  # type: ignore[assignment]
    asked.csp_nonce = "n"  # type: ignore[attr-defined]
    asked._messages = CookieStorage(asked)  # type: ignore[attr-defined]
    if theme:
        asked.COOKIES["theme"] = theme
    return asked


def console(theme: str = "", empty: bool = False, **case: Any) -> str:
    """The whole page."""
    context = {"org": ORG, "me": ME, "section": "console", **queue_context(empty), **case}
    with timezone.override(ORG.timezone):
        return render_to_string("tickets/console/page.html", context, request(theme=theme))
