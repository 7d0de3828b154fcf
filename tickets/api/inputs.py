"""What the API takes, checked before anything is asked of the desk."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers as s

from helpdesk import clock
from tickets.api.models import Event
from tickets.api.pages import LARGEST, PageInput
from tickets.cases.filings import System
from tickets.enums import Door, PqrKind, Priority, TicketState

LONGEST = 10_000
# The states a case can be given; the others are consequences.
ASKED = [
    (state.value, state.label)
    for state in (TicketState.OPEN, TicketState.WAITING_CUSTOMER, TicketState.RESOLVED)
]


class Strict(s.Serializer):
    """A field we do not know is said, not swallowed."""

    def to_internal_value(self, data: Any) -> Any:
        """As in DRF, after looking at the names."""
        if isinstance(data, dict):
            unknown = {name: [str(_("No se conoce este campo."))] for name in data if name not in self.fields}
            if unknown:
                raise s.ValidationError(unknown)
        return super().to_internal_value(data)


class TicketsInput(PageInput):
    """Which cases."""

    state = s.ChoiceField(TicketState.choices, required=False)
    kind = s.ChoiceField(PqrKind.choices, required=False)
    customer = s.IntegerField(min_value=1, max_value=LARGEST, required=False)


class CustomersInput(PageInput):
    """Which people: by one thing that identifies them, exactly; or all."""

    email = s.CharField(max_length=254, required=False)
    phone = s.CharField(max_length=40, required=False)
    document = s.CharField(max_length=40, required=False)
    handle = s.CharField(max_length=80, required=False)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """One at most."""
        if len([name for name in ("email", "phone", "document", "handle") if name in attrs]) > 1:
            raise s.ValidationError(_("Busque por un solo dato a la vez."))
        return attrs


class WhoInput(Strict):
    """A customer: their id here, or what identifies them."""

    id = s.IntegerField(min_value=1, max_value=LARGEST, required=False)
    name = s.CharField(max_length=160, required=False)
    phone = s.CharField(max_length=40, required=False)
    email = s.CharField(max_length=254, required=False)
    document = s.CharField(max_length=40, required=False)
    handle = s.CharField(max_length=80, required=False)


class ReferenceInput(Strict):
    """A number of another system."""

    system = s.ChoiceField(System.choices)
    number = s.CharField(max_length=60)


class TicketInput(Strict):
    """A case to be opened."""

    text = s.CharField(max_length=LONGEST)
    door = s.ChoiceField(Door.choices, default=Door.WEB)
    kind = s.ChoiceField(PqrKind.choices, required=False)
    happened_at = s.DateTimeField(required=False, help_text="Cuándo lo dijo el cliente; por omisión, ahora.")
    customer = WhoInput()
    references = ReferenceInput(many=True, required=False, max_length=10)

    def validate_happened_at(self, at: Any) -> Any:
        """Not in the future."""
        if at > clock.now():
            raise s.ValidationError(_("Todavía no ha pasado."))
        return at


class ChangeInput(Strict):
    """What of a case is to change; what is left out stays."""

    state = s.ChoiceField(ASKED, required=False)
    assignee = s.CharField(
        max_length=4, required=False, allow_null=True, help_text="Iniciales; null para que sea de todos."
    )
    kind = s.ChoiceField(PqrKind.choices, required=False)
    priority = s.ChoiceField(Priority.choices, required=False)
    reason = s.CharField(
        max_length=200, required=False, help_text="Por qué: obligatorio si ya está radicado y cambia el tipo."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Something must be asked for."""
        if not attrs.keys() - {"reason"}:
            raise s.ValidationError(_("Diga qué cambia: state, assignee, kind o priority."))
        return attrs


class ReplyInput(Strict):
    """An answer to the customer."""

    text = s.CharField(max_length=LONGEST)
    mode = s.ChoiceField(["public", "private"])
    split = s.BooleanField(default=False, help_text="En hilo, si en X no cabe en una publicación.")


class NoteInput(Strict):
    """Something said among colleagues."""

    text = s.CharField(max_length=LONGEST)


class NameInput(Strict):
    """What a person is called."""

    name = s.CharField(max_length=160)


class SubscriptionInput(Strict):
    """Where to tell what."""

    url = s.CharField(max_length=500)
    events = s.ListField(
        child=s.ChoiceField([one for one in Event.values if one != Event.PING]), min_length=1, max_length=6
    )
    with_words = s.BooleanField(default=False, help_text="Con lo que dijeron las personas.")
