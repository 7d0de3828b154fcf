from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from protocols.typification.rules.tree import MOTIVE, NAME_LENGTH, Node, Tree
from tickets.enums import PqrKind, Priority


class NodeForm(forms.Form):
    """Everything said about a name of the tree; only a motive carries what a case takes from it."""

    name = forms.CharField(
        label=_("Nombre"),
        max_length=NAME_LENGTH,
        error_messages={"required": _("Escriba cómo se llama.")},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    parent = forms.ChoiceField(label=_("Categoría"))
    kind = forms.ChoiceField(label=_("Tipo que propone"), required=False)
    priority = forms.ChoiceField(label=_("Prioridad que propone"), required=False)
    area = forms.CharField(
        label=_("Área que lo atiende"),
        required=False,
        max_length=60,
        help_text=_("En blanco: la misma mesa."),
    )
    code = forms.CharField(
        label=_("Código del ente de control"),
        required=False,
        max_length=40,
        help_text=_("Con el que se reporta. En blanco si no lo hay."),
    )
    words = forms.CharField(
        label=_("Cómo lo dicen los clientes"),
        required=False,
        max_length=3000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Separado por comas. Sirve para sugerirlo: «cobraron dos veces, cobro repetido»."),
    )
    is_other = forms.BooleanField(label=_("Cuenta como «Otros»"), required=False)
    is_reserved = forms.BooleanField(label=_("Vuelve el caso reservado"), required=False)

    def __init__(self, *args: Any, node: Node, tree: Tree, **kwargs: Any) -> None:
        super().__init__(*args, initial=_initial(node), **kwargs)
        fields: Any = self.fields
        fields["kind"].choices = [("", _("Ninguno")), *PqrKind.choices]
        fields["priority"].choices = [("", _("Ninguna")), *Priority.choices]
        fields["parent"].choices = [(one.key, one.name) for one in tree.categories()]
        if node.axis != MOTIVE or node.is_category:
            for name in ("parent", "kind", "priority", "is_reserved"):
                del fields[name]
        if node.axis != MOTIVE:
            del fields["area"]
        if node.is_category:
            for name in ("code", "words", "is_other"):
                del fields[name]

    def clean_words(self) -> list[str]:
        return [one.strip() for one in re.split(r"[,\n]", self.cleaned_data["words"]) if one.strip()]


def _initial(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "parent": node.parent,
        "kind": node.kind,
        "priority": node.priority,
        "area": node.area,
        "code": node.code,
        "words": ", ".join(node.words),
        "is_other": node.is_other,
        "is_reserved": node.is_reserved,
    }
