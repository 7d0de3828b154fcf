"""The public pages of articles: read by anybody, without script, and honest when there is nothing to read."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.conf import settings

from faq.domain import writing
from faq.models import Article, ArticleVote
from helpdesk.tenancy.context import tenant
from tests.cast import bank_today

HOME = "/ayuda/frailejon/preguntas/"


def test_an_article_is_read_found_and_described(cast, article, client):
    made = article(body="Se libera **sola**. <script>alert(1)</script>")

    page = client.get(f"{HOME}{made.slug}/")

    html = page.content.decode()
    assert page.status_code == 200
    assert f'<link rel="canonical" href="{settings.BASE_URL}/ayuda/frailejon/preguntas/{made.slug}/">' in html
    assert '<meta property="og:type" content="article">' in html
    assert "<strong>sola</strong>" in html
    assert "<script>alert" not in html
    data = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html, re.DOTALL)[1])
    assert data["@type"] == "FAQPage"
    assert data["mainEntity"][0]["name"] == made.title
    assert "csrftoken" not in html
    assert client.cookies == {}
    assert made.title in client.get(HOME).content.decode()
    assert made.title in client.get(f"{HOME}tema/{made.category.slug}/").content.decode()
    found = client.get(f"{HOME}buscar/", {"q": "cobraron 2 vezes"}).content.decode()
    assert made.title in found


def test_drafts_are_nobodys_to_read(cast, article, client):
    made = article(published=False)

    assert client.get(f"{HOME}{made.slug}/").status_code == 404
    assert made.title not in client.get(HOME).content.decode()
    assert client.get(f"/ayuda/frailejon/r/{made.code}/").status_code == 404


@pytest.mark.parametrize(
    ("change", "sentence"),
    [("expired", "Esta respuesta venció"), ("retired", "Esta respuesta ya no está publicada")],
)
def test_what_is_no_longer_there_says_so_also_behind_its_short_link(cast, article, client, change, sentence):
    made = article()
    with tenant(cast.bank.pk):
        if change == "expired":
            Article.objects.filter(pk=made.pk).update(expires_on=bank_today() - timedelta(days=2))
        else:
            writing.retire(made, by=cast.paola)

    answer = client.get(f"/ayuda/frailejon/r/{made.code}/", follow=True)

    assert answer.status_code == 410
    assert sentence in answer.content.decode()
    assert "noindex" in answer.content.decode()
    assert "72 horas" not in answer.content.decode()
    assert client.post(f"{HOME}{made.slug}/opinion/", {"sirvio": "si"}).status_code == 410


def test_a_short_link_leads_to_its_article_and_to_no_other_organizations(cast, article, client):
    made = article()

    assert client.get(f"/ayuda/frailejon/r/{made.code}/")["Location"] == f"{HOME}{made.slug}/"
    assert client.get(f"/ayuda/alisios/r/{made.code}/").status_code == 404
    assert client.get("/ayuda/frailejon/r/nadaaqui/").status_code == 404


def test_a_reader_counts_once_and_may_change_their_mind(cast, article, client):
    made = article()
    address = f"{HOME}{made.slug}/opinion/"

    client.post(address, {"sirvio": "si"})
    thanks = client.post(address, {"sirvio": "no"}, follow=True)
    client.post(address, {"sirvio": "quizás"})
    client.post(address, {"sirvio": "si"}, headers={"Sec-Fetch-Site": "cross-site", "User-Agent": "otro"})

    assert "lo vamos a mejorar" in thanks.content.decode()
    with tenant(cast.bank.pk):
        assert [one.is_useful for one in ArticleVote.objects.all()] == [False]
        assert "127.0.0.1" not in ArticleVote.objects.get().reader


def test_an_article_of_another_country_is_listed_there_only(cast, article, client):
    everywhere, spain = article(), article("Hoja de reclamaciones", countries=("ES",))

    assert spain.title not in client.get(HOME).content.decode()
    assert spain.title in client.get(HOME, {"pais": "es"}).content.decode()
    assert everywhere.title in client.get(HOME, {"pais": "es"}).content.decode()
    assert "vale en: ES" in client.get(f"{HOME}{spain.slug}/").content.decode()


def test_a_page_is_kept_until_midnight_and_moves_with_what_it_shows(cast, article, client):
    from helpdesk.site.models import Site

    made = article()
    kept = client.get(f"{HOME}{made.slug}/").kept
    with tenant(cast.bank.pk):
        writing.retire(made, by=cast.paola)

    assert kept.until is not None
    with tenant(cast.bank.pk):
        from django.db import connection

        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert Site.objects.get().version > kept.version


def test_a_closed_or_unpublished_site_shows_no_article(cast, article, client):
    from helpdesk.site.models import Site

    made = article()
    with tenant(cast.bank.pk):
        Site.objects.update(is_on=False)

    assert client.get(f"{HOME}{made.slug}/").status_code == 404
