"""«Plazos»: what is owed, to whom; a change is shown on a real case before it is saved, and followed after."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_social.domain.doorbell import ring
from helpdesk import clock
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from protocols.models import CustomerTier, SlaPolicy
from tickets.clocks.domain.recompute import latest_of_policies
from tickets.clocks.scopes import scopes_of
from tickets.enums import Priority
from tickets.settings.domain.policies import PolicyRefused, delete_policy, save_policy, switch_policy
from tickets.settings.domain.tiers import drop_tier, make_tier
from tickets.settings.policy_forms import PolicyForm
from tickets.settings.queries.policies import example_of, never_met, policies_for
from tickets.settings.timetable import minutes_words
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def policies(request: Any) -> HttpResponse:
    """Every policy, how far the last change has come, and the levels of customers."""
    if request.method != "POST":
        return _list(request)
    dropped = request.POST.get("drop", "")
    try:
        if dropped.isdecimal():
            drop_tier(int(dropped), by=request.member)
        else:
            make_tier(request.POST.get("name", ""), by=request.member)
    except PolicyRefused as refused:
        return _list(request, status=422, problem=refusal(refused), name=request.POST.get("name", ""))
    messages.success(request, _("Guardado."))
    return redirect("policies", request.org.slug)


def _list(request: Any, status: int = 200, **said: str) -> HttpResponse:
    found = policies_for(request.org)
    scopes = scopes_of(found)
    lines = [
        {
            "policy": policy,
            "name": Priority(policy.priority).label,
            "scope": scopes[policy.pk],
            "times": [
                minutes_words(value)
                for value in (policy.first_response, policy.next_response, policy.update, policy.resolution)
            ],
        }
        for policy in found
    ]
    may_change = request.member.can(Permission.MANAGE_TIME)
    return page(
        request, "policies.html", "policies", status=status, lines=lines, job=latest_of_policies(request.org.pk),
        may_change=may_change, tiers=CustomerTier.objects.order_by("name"), **said,
    )  # fmt: skip


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def policy(request: Any, pk: int) -> HttpResponse:
    """One policy: change what it owes, let it rest, forget it."""
    found = SlaPolicy.objects.filter(pk=pk).select_related("tier", "changed_by").first()
    if found is None:
        raise Http404
    if request.method == "POST" and request.POST.get("step"):
        return _step(request, found)
    return _edit(request, found)


@for_members(Permission.MANAGE_TIME, methods=GET_POST)
def policy_new(request: Any) -> HttpResponse:
    """An exception to the general ones: of an account, a kind, a level of customers."""
    return _edit(request, None)


def _edit(request: Any, found: SlaPolicy | None) -> HttpResponse:
    posted = request.POST if request.method == "POST" else None
    form = PolicyForm(posted, organization=request.org, policy=found)
    asks_only = posted is not None and posted.get("preview") == "1"
    if posted is None or not form.is_valid():
        status = 422 if posted is not None and not asks_only else 200
        return _page(request, form, found, status, None if posted is not None else found)
    would_be = _would_be(request.org.pk, found, form)
    stuck = never_met(would_be, clock.now())
    if stuck:
        form.add_error(
            "is_wall_time",
            _("El horario de %s no abre lo suficiente: así ningún caso podría cumplirlo. Corrija el horario o "
              "cuente el tiempo corrido.") % stuck,
        )  # fmt: skip
    if stuck or asks_only:
        return _page(request, form, found, 422 if stuck and not asks_only else 200, would_be)
    try:
        saved = save_policy(
            found.pk if found else None,
            values=form.values(),
            version=form.cleaned_data["version"] or 0,
            by=request.member,
        )
    except PolicyRefused as refused:
        form.add_error(None, refusal(refused))
        return _page(request, form, SlaPolicy.objects.get(pk=found.pk) if found else None, 422, would_be)
    return _saved(request, saved, changed=found is None or saved.version != found.version)


def _saved(request: Any, policy: SlaPolicy, *, changed: bool) -> HttpResponse:
    if changed:
        request.afterwards.append(lambda: ring("recount"))
        messages.success(request, _("Guardado. Los casos abiertos toman el nuevo plazo."))
    else:
        messages.success(request, _("Nada cambió."))
    return redirect("policies", request.org.slug)


def _step(request: Any, found: SlaPolicy) -> HttpResponse:
    step, version = request.POST["step"], request.POST.get("version", "")
    known = int(version) if version.isdecimal() else -1
    try:
        if step == "delete":
            delete_policy(found.pk, version=known, by=request.member)
            messages.success(request, _("Borrado."))
            return redirect("policies", request.org.slug)
        if step not in ("rest", "hold"):
            raise Http404
        saved = switch_policy(found.pk, is_active=step == "hold", version=known, by=request.member)
    except PolicyRefused as refused:
        form = PolicyForm(organization=request.org, policy=found)
        return _page(request, form, found, 422, found, problem=refusal(refused))
    return _saved(request, saved, changed=saved.version != known)


def _would_be(organization_id: int, found: SlaPolicy | None, form: PolicyForm) -> SlaPolicy:
    """The policy as it would be, never saved."""
    values = form.values()
    if found is not None:
        values |= {name: getattr(found, name) for name in ("priority", "account_id", "kind", "tier_id")}
    # Its version is another than any clock remembers.
    return SlaPolicy(pk=found.pk if found else None, organization_id=organization_id, version=0, **values)


def _page(
    request: Any,
    form: PolicyForm,
    found: SlaPolicy | None,
    status: int,
    shown: SlaPolicy | None,
    problem: str = "",
) -> HttpResponse:
    scope = scopes_of([found])[found.pk] if found else ""
    return page(
        request,
        "policy.html",
        "policies",
        status=status,
        form=form,
        policy=found,
        scope=scope,
        priority=Priority(found.priority).label if found else "",
        example=example_of(shown, clock.now()) if shown else None,
        problem=problem,
        may_change=request.member.can(Permission.MANAGE_TIME),
    )


def refusal(refused: PolicyRefused) -> str:
    """Why not, and what to do."""
    if refused.code == "changed":
        who = refused.who or _("otra persona")
        return _("%s guardó otro cambio mientras usted escribía. Lo suyo sigue aquí; abra el plazo otra vez para ver "
                 "cómo quedó, y repita su cambio.") % who  # fmt: skip
    if refused.code == "twice":
        return _("Ya hay un plazo para eso mismo: búsquelo en la lista y cámbielo.")
    if refused.code == "tier_empty":
        return _("Escriba cómo se llama el nivel.")
    if refused.code == "tier_twice":
        return _("Ya hay un nivel que se llama así.")
    if refused.code == "tier_in_use":
        return _(
            "Ese nivel está en uso: quíteselo antes a sus clientes (%s) y borre los plazos que son para él."
        ) % (refused.count)
    if refused.code == "general":
        return _(
            "Es la regla general de su prioridad: se cambia, pero no se quita, o habría casos sin plazo."
        )
    if refused.count:
        return ngettext(
            "%(n)s reloj abierto cuenta con este plazo. Desactívelo: pasará a la regla general, y entonces podrá "
            "borrarlo.",
            "%(n)s relojes abiertos cuentan con este plazo. Desactívelo: pasarán a la regla general, y entonces podrá "
            "borrarlo.",
            refused.count,
        ) % {"n": refused.count}
    return _("Está activo: desactívelo primero, y después bórrelo.")
