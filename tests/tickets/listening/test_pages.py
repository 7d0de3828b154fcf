"""«Escucha» found by words and pages, and its settings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from channels_social.models import AccountBudget, Finding, PollCursor, SavedSearch
from helpdesk import clock
from helpdesk.tenancy.context import tenant
from tests.cast import Cast
from tickets.listening.queries.findings import PAGE

URL, SETTINGS = "/frailejon/escucha/", "/frailejon/ajustes/escucha/"
FORM = {"name": "Marca", "include": "frailejon\n#Frailejon", "exclude": "páramo", "language": "es"}


def make(cast: Cast, count: int, text: str = "frailejon no contesta {n}", account: Any = None) -> None:
    account = account or cast.bank_x
    with tenant(account.organization_id):
        first = Finding.objects.count()
        Finding.objects.bulk_create(
            Finding(
                organization_id=account.organization_id, account=account, network="x",
                external_id=str(10**18 + first + n),
                author_id="1", author_name="Diana", author_handle="diana", text=text.format(n=n),
                said_at=clock.now() - timedelta(minutes=count - n), payload=b"",
            )
            for n in range(count)
        )  # fmt: skip


def test_pages_follow_each_other_without_a_gap(cast: Cast, log_in: Any):
    make(cast, PAGE + 5)
    client = log_in(cast.juan)

    first = client.get(URL)
    second = client.get(URL, {"before": first.context["after"]})

    shown = [line.finding.text for page in (first, second) for line in page.context["lines"]]
    assert shown == [f"frailejon no contesta {n}" for n in reversed(range(PAGE + 5))]
    assert second.context["after"] == 0


def test_words_find_old_ones_and_nobody_elses(cast: Cast, log_in: Any):
    make(cast, 3, "la transferencia se perdió en frailejon {n}")
    make(cast, 5)
    make(cast, 2, "transferencia de millas {n}", cast.airline_x)

    found = log_in(cast.juan).get(URL, {"q": "transferencias"}).context["lines"]

    assert [line.finding.text[-1] for line in found] == ["2", "1", "0"]


def test_words_of_one_search_only(cast: Cast, log_in: Any):
    log_in(cast.marta).post(SETTINGS, FORM | {"account": cast.bank_x.pk})
    make(cast, 3)
    with tenant(cast.bank.pk):
        search = SavedSearch.objects.get()
        Finding.objects.filter(text__endswith="1").update(search=search)

    found = log_in(cast.juan).get(URL, {"q": "frailejon", "search": search.pk}).context["lines"]

    assert [line.finding.text[-1] for line in found] == ["1"]


def test_the_search_answers_nothing_without_a_tenant(cast: Cast):
    make(cast, 2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM tickets_search_findings('frailejon', 'new', NULL, 9223372036854775807, 10)"
        )
        assert cursor.fetchall() == []


def test_who_sees_some_accounts_hears_those_only(cast: Cast, log_in: Any):
    make(cast, 2)
    with tenant(cast.bank.pk):
        from tickets.cases.access import MemberAccount

        MemberAccount.objects.create(organization=cast.bank, member=cast.juan, account=cast.bank_page)
        cast.juan.is_limited = True
        cast.juan.save()
    client = log_in(cast.juan)

    assert client.get(URL).context["lines"] == []
    assert client.get(URL, {"q": "frailejon"}).context["lines"] == []


def test_an_admin_makes_a_search_and_its_stream(cast: Cast, log_in: Any):
    response = log_in(cast.marta).post(SETTINGS, FORM | {"account": cast.bank_x.pk})

    assert response.status_code == 302
    with tenant(cast.bank.pk):
        made = SavedSearch.objects.get()
        assert made.include == ["frailejon", "#Frailejon"]
        assert PollCursor.objects.filter(account=cast.bank_x, stream=f"search:{made.pk}").exists()


def test_the_query_is_counted_and_shown_before_it_is_saved(cast: Cast, log_in: Any):
    page = log_in(cast.marta).post(SETTINGS, FORM | {"account": cast.bank_x.pk, "preview": "1"})

    query = "(frailejon OR #Frailejon) -páramo lang:es -is:retweet -from:FrailejonAyuda -@FrailejonAyuda"
    assert page.context["query"] == query
    assert f"{len(query)}/512" in page.content.decode()
    with tenant(cast.bank.pk):
        assert not SavedSearch.objects.exists()


def test_a_query_too_long_for_x_is_refused_with_its_length(cast: Cast, log_in: Any):
    words = "\n".join(f"palabra larga numero {n}" for n in range(30))
    page = log_in(cast.marta).post(SETTINGS, FORM | {"account": cast.bank_x.pk, "include": words})

    assert page.status_code == 422
    assert "X acepta 512" in page.content.decode()


def test_a_second_search_of_the_same_name_is_refused(cast: Cast, log_in: Any):
    client = log_in(cast.marta)
    client.post(SETTINGS, FORM | {"account": cast.bank_x.pk})

    assert client.post(SETTINGS, FORM | {"account": cast.bank_x.pk}).status_code == 422


def test_another_organizations_account_cannot_search_for_us(cast: Cast, log_in: Any):
    page = log_in(cast.marta).post(SETTINGS, FORM | {"account": cast.airline_x.pk})

    assert page.status_code == 422


def test_a_budget_is_set_and_taken_away(cast: Cast, log_in: Any):
    client, url = log_in(cast.marta), f"/frailejon/ajustes/cuentas/{cast.bank_x.pk}/presupuesto/"
    client.post(url, {"dollars": "25.50"})
    with tenant(cast.bank.pk):
        assert AccountBudget.objects.get().monthly_micros == 25_500_000
    assert client.post(url, {"dollars": "-1"}).status_code == 422
    client.post(url, {"dollars": ""})

    with tenant(cast.bank.pk):
        assert not AccountBudget.objects.exists()


def test_an_agent_does_not_set_searches(cast: Cast, log_in: Any):
    assert log_in(cast.juan).get(SETTINGS).status_code == 403


def test_a_search_is_paused_and_changed(cast: Cast, log_in: Any):
    client = log_in(cast.marta)
    client.post(SETTINGS, FORM | {"account": cast.bank_x.pk})
    with tenant(cast.bank.pk):
        pk = SavedSearch.objects.get().pk
    client.post(f"{SETTINGS}{pk}/", {"active": "0"})
    assert client.get(f"{SETTINGS}{pk}/").status_code == 200
    client.post(f"{SETTINGS}{pk}/", FORM | {"account": cast.bank_x.pk, "include": "fraylejon"})

    with tenant(cast.bank.pk):
        found = SavedSearch.objects.get()
        assert (found.is_active, found.include) == (False, ["fraylejon"])
