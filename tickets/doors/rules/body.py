"""What another system says in a call, read strictly: an unknown field is a mistake that is told. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from tickets.enums import Door, PqrKind
from tickets.intake.asked import Asked, Ref, Who

ACTIONS = ("open", "update", "reference")
LONGEST_TEXT = 20_000
OLDEST = timedelta(days=3650)
SLACK = timedelta(minutes=5)
MOST_REFERENCES = 20
_MISSING: Any = object()


class Wrong(ValueError):
    """A field cannot be taken; ``code`` has its sentence in ``doors.sentences``, ``path`` says which field."""

    def __init__(self, code: str, path: str) -> None:
        super().__init__(f"{code} {path}")
        self.code, self.path = code, path


@dataclass(frozen=True, slots=True)
class Told:
    """A call: what to do, with which case of ours (``reference``), and the matter."""

    action: str
    case: str
    asked: Asked


@dataclass(slots=True)
class _Reader:
    """The fields of one object, each taken once; what is left is unknown."""

    fields: dict[str, Any]
    path: str = ""
    _taken: set[str] = field(default_factory=set)

    def text(self, name: str, longest: int, *, required: bool = False) -> str:
        value = self._take(name)
        if value in (_MISSING, None, ""):
            if required:
                raise Wrong("missing", self.at(name))
            return ""
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise Wrong("not_text", self.at(name))
        if len(value) > longest:
            raise Wrong("too_long", self.at(name))
        return value.strip()

    def one_of(self, name: str, choices: Any, default: str = "") -> str:
        value = self.text(name, 40) or default
        if value not in choices:
            raise Wrong("not_one_of", self.at(name))
        return value

    def moment(self, name: str) -> datetime | None:
        said = self.text(name, 40)
        if not said:
            return None
        try:
            at = datetime.fromisoformat(said)
        except ValueError:
            raise Wrong("not_a_moment", self.at(name)) from None
        if at.tzinfo is None:
            raise Wrong("no_zone", self.at(name))
        return at

    def day(self, name: str) -> date | None:
        said = self.text(name, 10)
        if not said:
            return None
        try:
            return date.fromisoformat(said)
        except ValueError:
            raise Wrong("not_a_day", self.at(name)) from None

    def flag(self, name: str) -> bool:
        value = self._take(name)
        if value in (_MISSING, None):
            return False
        if not isinstance(value, bool):
            raise Wrong("not_a_flag", self.at(name))
        return value

    def inner(self, name: str) -> _Reader:
        value = self._take(name)
        if value in (_MISSING, None):
            return _Reader({}, self.at(name))
        if not isinstance(value, dict):
            raise Wrong("not_an_object", self.at(name))
        return _Reader(value, self.at(name))

    def many(self, name: str, read: Callable[[_Reader], Any]) -> tuple[Any, ...]:
        value = self._take(name)
        if value in (_MISSING, None):
            return ()
        if not isinstance(value, list) or len(value) > MOST_REFERENCES:
            raise Wrong("not_a_list", self.at(name))
        found = []
        for place, one in enumerate(value):
            if not isinstance(one, dict):
                raise Wrong("not_an_object", f"{self.at(name)}[{place}]")
            found.append(read(_Reader(one, f"{self.at(name)}[{place}]")))
        return tuple(found)

    def end(self) -> None:
        """Nothing may be left over: a misspelt field would be lost without a word."""
        unknown = sorted(set(self.fields) - self._taken)
        if unknown:
            raise Wrong("unknown", self.at(unknown[0][:40]))

    def at(self, name: str) -> str:
        return f"{self.path}.{name}" if self.path else name

    def _take(self, name: str) -> Any:
        self._taken.add(name)
        return self.fields.get(name, _MISSING)


def read_body(fields: dict[str, Any], *, key: str, now: datetime) -> Told:
    """A call as the verb takes it. Raises :class:`Wrong`."""
    body = _Reader(fields)
    action = body.one_of("action", ACTIONS)
    case = body.text("case", 40, required=action == "reference")
    references = body.many("references", _reference)
    if not references and action != "open":
        raise Wrong("missing", "references")
    asked = Asked(
        door=Door(body.one_of("door", Door.values, Door.PHONE.value)),
        text=body.text("text", LONGEST_TEXT, required=action == "open"),
        happened_at=_happened(body, now),
        who=_who(body.inner("customer")),
        key=key,
        kind=_kind(body),
        due_at=body.moment("due_at"),
        answer=body.text("answer", LONGEST_TEXT),
        is_resolved=body.flag("resolved"),
        references=references,
    )
    body.end()
    return Told(action, case, asked)


def _happened(body: _Reader, now: datetime) -> datetime:
    at = body.moment("happened_at") or now
    if at > now + SLACK:
        raise Wrong("in_the_future", "happened_at")
    if at < now - OLDEST:
        raise Wrong("too_old", "happened_at")
    return min(at, now)


def _kind(body: _Reader) -> PqrKind | None:
    value = body.one_of("kind", ["", *PqrKind.values])
    return PqrKind(value) if value else None


def _who(customer: _Reader) -> Who:
    who = Who(
        name=customer.text("name", 160),
        handle=customer.text("handle", 51),
        phone=customer.text("phone", 40),
        email=customer.text("email", 254),
        document=customer.text("document", 40),
    )
    customer.end()
    return who


def _reference(one: _Reader) -> Ref:
    ref = Ref(
        one.text("system", 40),
        one.text("number", 60, required=True),
        one.text("state", 60),
        one.day("due_on"),
    )
    one.end()
    return ref
