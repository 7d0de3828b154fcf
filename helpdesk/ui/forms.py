"""A field of a form: label above, help below, the mistake beside it. Never a placeholder for a label."""

from __future__ import annotations

from django.forms import BoundField, CheckboxInput, CheckboxSelectMultiple, RadioSelect
from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from helpdesk.ui.icons import icon


def field(bound: BoundField, aside: str = "") -> SafeString:
    """One field with label, control, help and errors. ``aside`` is safe HTML beside the label."""
    widget = bound.field.widget
    if bound.is_hidden:
        return SafeString(str(bound))
    if isinstance(widget, CheckboxInput) and not isinstance(widget, CheckboxSelectMultiple):
        return SafeString(
            f'<div class="field"><label class="cluster">{_control(bound, "check")}'
            f"<span>{escape(bound.label)}</span></label>{_below(bound)}</div>"
        )
    if isinstance(widget, RadioSelect | CheckboxSelectMultiple):
        return SafeString(
            f'<fieldset class="field choices"><legend class="label">{escape(bound.label)}</legend>'
            f"{bound.as_widget()}{_below(bound)}</fieldset>"
        )
    optional = "" if bound.field.required else f' <span class="req">({_("opcional")})</span>'
    label = f'<label for="{bound.id_for_label}">{escape(bound.label)}{optional}</label>'
    if aside:
        label = f'<span class="cluster field-head">{label}<span class="end">{aside}</span></span>'
    return SafeString(f'<div class="field">{label}{_control(bound, "input")}{_below(bound)}</div>')


def _control(bound: BoundField, look: str) -> SafeString:
    attrs = {"class": f"{bound.field.widget.attrs.get('class', '')} {look}".strip()}
    # allauth writes the label once more as a placeholder: the label is enough.
    if bound.field.widget.attrs.get("placeholder"):
        attrs["placeholder"] = ""
    return bound.as_widget(attrs=attrs)


def _below(bound: BoundField) -> str:
    said = ""
    if bound.help_text:
        said = f'<p class="help" id="{bound.auto_id}_helptext">{bound.help_text}</p>'
    for error in bound.errors:
        said += (
            f'<p class="error" id="{bound.auto_id}_error">{icon("alert", 14)}<span>{escape(error)}</span></p>'
        )
    return said
