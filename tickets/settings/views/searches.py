"""«Escucha» in the settings: what is listened for, and what it may cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from channels_social.domain.budgets import Purse, purse_of, set_budget
from channels_social.domain.searching import own_handles, query_of, save_search, switch_search
from channels_social.enums import AccountState, Network, Use
from channels_social.models import PollCursor, SavedSearch, SocialAccount
from channels_social.networks.x.queries import LONGEST
from helpdesk.http import for_members
from helpdesk.tenancy.permissions import Permission
from tickets.settings.search_forms import BudgetForm, SearchForm
from tickets.settings.views.frame import page

GET_POST = ("GET", "HEAD", "POST")


@dataclass(frozen=True, slots=True)
class Line:
    """A saved search and how it is."""

    search: SavedSearch
    query: str
    cursor: PollCursor | None


@dataclass(frozen=True, slots=True)
class Bill:
    """An account's month and the form of its budget."""

    account: SocialAccount
    purse: Purse
    form: BudgetForm

    @property
    def spent(self) -> float:
        return self.purse.spent / 1_000_000

    @property
    def is_stopped(self) -> bool:
        return not self.purse.allows(Use.SEARCH)


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def searches(request: Any) -> HttpResponse:
    """Every saved search, the form for another one, and the budgets."""
    form = _form(request)
    if request.method == "POST" and form.is_valid() and not _previews(request):
        _save(SavedSearch(created_by=request.member), form, request)
        return redirect("searches", request.org.slug)
    return _page(request, form)


@for_members(Permission.MANAGE_ACCOUNTS, methods=GET_POST)
def search(request: Any, pk: int) -> HttpResponse:
    """One search: change it, or let it rest."""
    found = SavedSearch.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    if request.method == "POST" and "active" in request.POST:
        switch_search(found, is_active=request.POST["active"] == "1", actor_id=request.member.pk)
        messages.success(request, _("Guardado."))
        return redirect("searches", request.org.slug)
    form = _form(request, found)
    if request.method == "POST" and form.is_valid() and not _previews(request):
        _save(found, form, request)
        return redirect("searches", request.org.slug)
    status = 422 if request.method == "POST" and form.errors else 200
    shown = form.query or query_of(found)
    return page(request, "search.html", "searches", status=status, form=form, search=found, query=shown,
                longest=LONGEST)  # fmt: skip


@for_members(Permission.MANAGE_ACCOUNTS, methods=("POST",))
def budget(request: Any, pk: int) -> HttpResponse:
    """What an account may spend a month."""
    account = SocialAccount.objects.filter(pk=pk, network=Network.X).first()
    if account is None:
        raise Http404
    form = BudgetForm(request.POST)
    if not form.is_valid():
        return _page(request, _form(request, is_given=False), bill=(account.pk, form))
    set_budget(account, form.micros(), actor_id=request.member.pk)
    messages.success(request, _("Guardado."))
    return redirect("searches", request.org.slug)


def _previews(request: Any) -> bool:
    return request.POST.get("preview") == "1"


def _form(request: Any, found: SavedSearch | None = None, *, is_given: bool = True) -> SearchForm:
    data = request.POST if request.method == "POST" and is_given else None
    return SearchForm(data, search=found, own=own_handles(request.org.pk), initial=_initial(found))


def _initial(found: SavedSearch | None) -> dict[str, Any]:
    if found is None:
        return {"language": "es"}
    return {
        "name": found.name,
        "account": str(found.account_id),
        "include": "\n".join(found.include),
        "exclude": "\n".join(found.exclude),
        "language": found.language,
    }


def _save(found: SavedSearch, form: SearchForm, request: Any) -> None:
    given = form.cleaned_data
    found.organization_id = request.org.pk
    if found.pk is None:
        # A search keeps its account: another one pays, and has read something else.
        found.account_id = int(given["account"])
    found.name, found.language = given["name"], given["language"]
    found.include, found.exclude = given["include"], given["exclude"]
    save_search(found, actor_id=request.member.pk)
    messages.success(request, _("Guardado."))


def _page(request: Any, form: SearchForm, bill: tuple[int, BudgetForm] | None = None) -> HttpResponse:
    cursors = {one.stream: one for one in PollCursor.objects.filter(stream__startswith="search:")}
    saved = SavedSearch.objects.select_related("account").order_by("name")
    failed = bill is not None or (request.method == "POST" and bool(form.errors))
    return page(
        request, "searches.html", "searches", status=422 if failed else 200, form=form, query=form.query,
        longest=LONGEST, lines=[Line(one, query_of(one), cursors.get(one.stream)) for one in saved],
        bills=_bills(bill),
    )  # fmt: skip


def _bills(given: tuple[int, BudgetForm] | None) -> list[Bill]:
    accounts = SocialAccount.objects.filter(network=Network.X).exclude(state=AccountState.DISCONNECTED)
    bills = []
    for account in accounts.order_by("pk"):
        purse = purse_of(account)
        dollars = None if purse.budget is None else f"{purse.budget / 1_000_000:.2f}"
        form = BudgetForm(initial={"dollars": dollars}, auto_id=f"id_{account.pk}_%s")
        if given is not None and given[0] == account.pk:
            form = given[1]
        bills.append(Bill(account, purse, form))
    return bills
