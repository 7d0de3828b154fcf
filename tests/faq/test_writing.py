"""An article's life: who writes it, who publishes it, and what happens to two at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction

from faq.domain import writing
from faq.domain.planting import plant_articles
from faq.domain.queries.shelf import search_articles
from faq.domain.writing import About, NotAllowed, Outdated
from faq.models import Article, ArticleVersion, MissedSearch
from faq.rules.document import Document
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from tests.cast import bank_today

FORM = {
    "title": "¿Cómo pido un extracto?",
    "body": "En la app, en **Documentos**, sin costo.",
    "op": "review",
}


def form(article: Article, **more: str) -> dict[str, str]:
    return FORM | {
        "step": str(article.step), "category": str(article.category_id), "owner": str(article.owner_id),
        "expires_on": str(article.expires_on),
    } | more  # fmt: skip


def test_an_article_is_written_reviewed_and_published_by_another_person(cast, article, log_in):
    theme = article("Otro asunto distinto").category_id
    day = str(bank_today() + timedelta(days=30))
    written = log_in(cast.juan).post(
        "/frailejon/articulos/nuevo/", FORM | {"category": theme, "owner": cast.juan.pk, "expires_on": day}
    )
    pk = int(written["Location"].rstrip("/").rsplit("/", 1)[1])
    life = f"/frailejon/articulos/{pk}/paso/"

    assert log_in(cast.juan).post(life, {"op": "publish", "step": "1"}).status_code == 403
    assert log_in(cast.paola).post(life, {"op": "publish", "step": "1"}).status_code == 302

    with tenant(cast.bank.pk):
        made = Article.objects.select_related("version").get(pk=pk)
        assert made.version is not None
        assert (made.version.number, made.version.published_by_id, made.draft) == (1, cast.paola.pk, None)
        lines = AuditEvent.objects.filter(action__startswith="article.", data__article=pk)
        assert sorted(lines.values_list("action", flat=True)) == ["article.drafted", "article.published"]


def test_who_wrote_in_the_draft_does_not_publish_it(cast, article):
    made = article(published=False)
    with tenant(cast.bank.pk):
        writing.save_draft(
            made, Document(**(made.draft | {"body": "Paola añade algo que hace falta saber."})), step=made.step,
            by=cast.paola, about=About(cast.juan, made.expires_on), ask_review=True,
        )  # fmt: skip
        made.refresh_from_db()
        with pytest.raises(NotAllowed, match="own"):
            writing.publish(made, step=made.step, by=cast.paola)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"review_asked_at": None}, "not_in_review"),
        ({"owner": None}, "owner"),
        ({"expires_on": None}, "expiry"),
        ({"draft": {"title": "¿Cómo pido?", "body": "x", "category": 1}}, "body"),
    ],
)
def test_what_is_not_whole_is_not_published(cast, article, change, code):
    made = article(published=False)
    with tenant(cast.bank.pk):
        Article.objects.filter(pk=made.pk).update(**change)
        with pytest.raises(NotAllowed, match=code):
            writing.publish(made, step=made.step, by=cast.paola)


def test_a_published_version_never_changes(cast, article):
    made = article()
    with tenant(cast.bank.pk), pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        ArticleVersion.objects.filter(article=made).update(number=9)


def test_a_change_waits_beside_the_version_in_force_and_may_be_given_back(cast, article, log_in):
    made = article()
    log_in(cast.juan).post(f"/frailejon/articulos/{made.pk}/", form(made))
    with tenant(cast.bank.pk):
        made.refresh_from_db()
        assert made.is_in_review
        assert made.title == "Me cobraron dos veces la misma compra"
    life = f"/frailejon/articulos/{made.pk}/paso/"
    client = log_in(cast.paola)
    assert client.post(life, {"op": "return", "step": made.step, "note": " "}).status_code == 409

    client.post(life, {"op": "return", "step": made.step, "note": "Falta decir cuánto tarda"})

    with tenant(cast.bank.pk):
        made.refresh_from_db()
        assert (made.is_in_review, made.returned_note) == (False, "Falta decir cuánto tarda")
    assert (
        "Falta decir cuánto tarda"
        in log_in(cast.juan).get(f"/frailejon/articulos/{made.pk}/").content.decode()
    )


def test_the_second_of_two_editors_is_told_and_keeps_what_they_wrote(cast, article, log_in):
    made = article(published=False)
    log_in(cast.juan).post(
        f"/frailejon/articulos/{made.pk}/", form(made, body="Lo que dice Juan sobre esto.")
    )

    answer = log_in(cast.paola).post(
        f"/frailejon/articulos/{made.pk}/", form(made, body="Lo que dice Paola sobre esto.")
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Juan Carlos lo guardó mientras usted escribía" in page
    assert "Lo que dice Paola sobre esto.</textarea>" in page
    assert "Lo que dice Juan sobre esto." in page
    with tenant(cast.bank.pk):
        made.refresh_from_db()
        assert made.draft["body"] == "Lo que dice Juan sobre esto."


def test_publishing_what_changed_since_it_was_read_is_refused(cast, article):
    made = article(published=False)
    with tenant(cast.bank.pk):
        writing.save_draft(
            made, Document(title="Otra pregunta", body="Otra respuesta bien larga"), step=made.step, by=cast.juan,
            about=About(cast.juan, made.expires_on), ask_review=True,
        )  # fmt: skip
        with pytest.raises(Outdated):
            writing.publish(made, step=made.step, by=cast.paola)


def test_roles_write_and_publish_as_the_matrix_says(cast, article, log_in):
    made = article(published=False)
    life = {"op": "publish", "step": made.step}

    assert log_in(cast.andres).get(f"/frailejon/articulos/{made.pk}/").status_code == 200
    assert log_in(cast.andres).post(f"/frailejon/articulos/{made.pk}/paso/", life).status_code == 403
    assert log_in(cast.marta).get(f"/frailejon/articulos/{made.pk}/").status_code == 200
    assert log_in(cast.marta).post(f"/frailejon/articulos/{made.pk}/", form(made)).status_code == 403
    assert log_in(cast.carla).get(f"/alisios/articulos/{made.pk}/").status_code == 404


def test_marketing_publishes_articles(cast, article, log_in):
    made = article(published=False)
    with tenant(cast.bank.pk):
        cast.andres.role = "marketing"
        cast.andres.permissions = cast.andres.preset("marketing")
        cast.andres.modes = cast.andres.preset_modes("marketing")
        cast.andres.save()

    answer = log_in(cast.andres).post(
        f"/frailejon/articulos/{made.pk}/paso/", {"op": "publish", "step": made.step}
    )

    assert answer.status_code == 302


def test_planting_twice_plants_once_and_what_is_planted_is_found(cast):
    with tenant(cast.bank.pk):
        assert plant_articles(cast.bank, owner=cast.paola) == 11
        assert plant_articles(cast.bank, owner=cast.paola) == 0
        found = search_articles(cast.bank, "perdi la targeta")
        assert found[0].seed == "tarjeta-robada"


def test_another_organization_neither_finds_nor_opens_it(cast, article):
    made = article()
    with tenant(cast.airline.pk):
        assert search_articles(cast.airline, "cobraron dos veces") == []
        assert not Article.objects.filter(pk=made.pk).exists()


def test_what_was_not_found_becomes_a_draft_once(cast, article, log_in):
    article()
    for words in ("seguro de viaje", "Viaje, SEGURO de", "seguro de viaje de ana@correo.co 3001234567"):
        assert log_in(cast.juan).get("/ayuda/frailejon/preguntas/buscar/", {"q": words}).status_code == 200
    with tenant(cast.bank.pk):
        rows = list(MissedSearch.objects.order_by("pk").values_list("words", "times"))
        pk = MissedSearch.objects.earliest("pk").pk
    assert rows == [("seguro de viaje", 3)]

    first = log_in(cast.juan).post(f"/frailejon/articulos/no-encontrado/{pk}/")
    second = log_in(cast.juan).post(f"/frailejon/articulos/no-encontrado/{pk}/")

    assert first["Location"] == second["Location"]
    assert "Seguro de viaje" in log_in(cast.juan).get(first["Location"]).content.decode()


def test_themes_are_kept_by_who_publishes(cast, article, log_in):
    made = article()
    client = log_in(cast.paola)
    themes = "/frailejon/articulos/temas/"
    assert client.post(themes, {"op": "add", "name": "Viajes"}).status_code == 302
    assert client.post(themes, {"op": "add", "name": "viajes"}).status_code == 409
    assert client.post(themes, {"op": "drop", "theme": made.category_id}).status_code == 409
    assert (
        client.post(themes, {"op": "rename", "theme": made.category_id, "name": "Compras"}).status_code == 302
    )
    assert log_in(cast.juan).post(themes, {"op": "add", "name": "Otro"}).status_code == 403


def test_a_draft_is_put_aside_and_brought_back_and_one_in_force_is_only_retired(cast, article, log_in):
    made, shown = article(published=False), article("¿Cómo pido un extracto?")
    life = f"/frailejon/articulos/{made.pk}/paso/"
    client = log_in(cast.juan)

    client.post(life, {"op": "drop", "step": made.step})
    with tenant(cast.bank.pk):
        assert Article.objects.get(pk=made.pk).state == "retired"
    client.post(life, {"op": "restore", "step": made.step})
    with tenant(cast.bank.pk):
        assert Article.objects.get(pk=made.pk).state == "draft"
    assert client.post(f"/frailejon/articulos/{shown.pk}/paso/", {"op": "drop"}).status_code == 409
    assert client.post(f"/frailejon/articulos/{shown.pk}/paso/", {"op": "retire"}).status_code == 403


def test_a_past_version_is_read_as_it_was(cast, article, log_in):
    made = article()
    log_in(cast.juan).post(f"/frailejon/articulos/{made.pk}/", form(made))
    with tenant(cast.bank.pk):
        made.refresh_from_db()
        writing.publish(made, step=made.step, by=cast.paola)

    page = log_in(cast.juan).get(f"/frailejon/articulos/{made.pk}/?v=1").content.decode()

    assert "Así era la versión 1" in page
    assert "72 horas" in page
