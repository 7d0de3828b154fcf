"""A week's questions become drafts in one step; links in answers are remembered and counted."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels_social.enums import ActionState
from channels_social.networks.base import Author
from faq.domain import writing
from faq.domain.queries.shelf import today_in
from faq.domain.themes import add_theme
from faq.domain.writing import About
from faq.models import Article
from faq.rules.document import Document
from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant, whole
from helpdesk.tenancy.models import Organization
from tests.cast import bank_today
from tests.stories import hear, mention
from tests.tickets.questions.test_grouping import FEES, OTHERS
from tickets.cases.models import Message, Ticket
from tickets.enums import TicketState
from tickets.questions.domain.grouping import ask_grouping, group_asked, group_days, group_last_week
from tickets.questions.domain.linking import note_links, uses_of
from tickets.questions.models import ArticleUse, GroupState, QuestionGroup, QuestionMember, QuestionWeek
from tickets.replies.domain.reply import reply


def say_all(cast, texts, *, at=None, first: int = 1) -> None:
    """One customer each."""
    for n, text in enumerate(texts, first):
        who = Author(f"30{n}", "user", f"Rosalba Quintero{n}", f"rosalba{n}")
        hear(cast, mention(f"@FrailejonAyuda {text}", number=500 + n, author=who, at=at))


@pytest.fixture
def fees(cast) -> QuestionGroup:
    """The group of fees of this week."""
    say_all(cast, [*FEES, *OTHERS])
    with tenant(cast.bank.pk):
        ask_grouping(cast.bank, by=cast.juan)
    group_asked(cast.bank)
    with tenant(cast.bank.pk):
        return QuestionGroup.objects.get()


def test_a_group_says_who_asks_what_and_why_they_belong_together(cast, fees, log_in):
    page = log_in(cast.juan).get("/frailejon/preguntas/").content.decode()

    assert "6 personas" in page
    assert "Los une:" in page
    assert page.count("<mark>") >= 6
    assert "Rosalba" not in page
    with tenant(cast.bank.pk):
        assert QuestionMember.objects.count() == fees.size == 6


def test_personal_data_is_masked_on_the_page_and_in_what_is_stored(cast, log_in):
    say_all(
        cast, [f"{text} mi correo es rosa@correo.co y mi celular 300123456{n}" for n, text in enumerate(FEES)]
    )
    log_in(cast.juan).post("/frailejon/preguntas/")
    assert "Se están agrupando" in log_in(cast.juan).get("/frailejon/preguntas/").content.decode()
    group_asked(cast.bank)

    page = log_in(cast.juan).get("/frailejon/preguntas/").content.decode()

    assert "cuota" in page.lower()
    assert "rosa@correo.co" not in page
    assert "300123456" not in page
    with tenant(cast.bank.pk):
        group = QuestionGroup.objects.get()
        assert "rosa" not in str(group.terms)
        assert "rosa" not in group.title.lower()


def test_noise_deleted_and_reserved_messages_are_not_looked_at(cast):
    say_all(cast, FEES)
    with tenant(cast.bank.pk):
        keys = list(Message.objects.order_by("pk").values_list("pk", flat=True))
        Message.objects.filter(pk=keys[0]).update(needs_attention=False)
        Message.objects.filter(pk=keys[1]).update(deleted_at=clock.now())
        with whole():
            Ticket.objects.filter(pk=Message.objects.get(pk=keys[2]).ticket_id).update(is_reserved=True)

        ask_grouping(cast.bank, by=cast.juan)
    look = group_asked(cast.bank)

    assert look.looked_at == 3
    with tenant(cast.bank.pk):
        assert not QuestionGroup.objects.exists()


def test_a_group_becomes_a_draft_once_and_stays_decided(cast, fees, log_in):
    client = log_in(cast.juan)
    first = client.post(f"/frailejon/preguntas/{fees.pk}/", {"op": "draft"})
    second = client.post(f"/frailejon/preguntas/{fees.pk}/", {"op": "draft"})
    client.post("/frailejon/preguntas/")
    group_asked(cast.bank)

    assert first["Location"] == second["Location"]
    with tenant(cast.bank.pk):
        group = QuestionGroup.objects.get()
        assert (group.state, group.decided_by_id) == (GroupState.DRAFTED, cast.juan.pk)
        assert "cuota de manejo" in group.article.title.lower()
        assert AuditEvent.objects.filter(action="question_group.drafted").count() == 1


def test_what_was_dismissed_is_not_shown_again_until_looked_at_again(cast, fees, log_in):
    client = log_in(cast.juan)
    client.post(f"/frailejon/preguntas/{fees.pk}/", {"op": "dismiss"})
    client.post("/frailejon/preguntas/")
    assert "Los une:" not in client.get("/frailejon/preguntas/").content.decode()
    group_asked(cast.bank)
    assert "Ninguna pregunta se repite" in client.get("/frailejon/preguntas/").content.decode()

    client.post(f"/frailejon/preguntas/{fees.pk}/", {"op": "restore"})

    assert "Los une:" in client.get("/frailejon/preguntas/").content.decode()


def test_what_an_article_answers_is_set_apart(cast, fees, published, log_in):
    made = published("¿Por qué me cobran cuota de manejo?", keywords=("exonerar cuota", "nómina", "tarjeta"))
    with tenant(cast.bank.pk):
        ask_grouping(cast.bank, by=cast.juan)
    group_asked(cast.bank)

    with tenant(cast.bank.pk):
        assert QuestionGroup.objects.get().covered_by_id == made.pk
    assert "aun así preguntan" in log_in(cast.juan).get("/frailejon/preguntas/").content.decode()


def test_a_week_that_is_over_is_grouped_once(cast):
    say_all(cast, FEES, at=clock.now() - timedelta(days=7))

    first = group_last_week(cast.bank)

    assert first is not None
    assert group_last_week(cast.bank) is None
    assert group_last_week(Organization.objects.get(pk=cast.airline.pk)) is not None
    with tenant(cast.bank.pk):
        assert QuestionWeek.objects.get().week == first.week
        assert {one.week_id for one in QuestionGroup.objects.all()} <= {first.pk}


def test_a_week_somebody_looked_at_in_its_middle_is_looked_at_again_when_it_is_over(cast):
    week_ago = clock.now() - timedelta(days=7)
    with tenant(cast.bank.pk):
        early = group_days(
            cast.bank,
            week=_last_monday(cast.bank),
            since=week_ago - timedelta(days=7),
            until=week_ago - timedelta(days=7),
        )

    again = group_last_week(cast.bank)

    assert again is not None
    assert again.pk == early.pk
    assert again.until > early.until


def _last_monday(organization):
    today = today_in(organization)
    return today - timedelta(days=today.weekday() + 7)


@pytest.fixture
def published(cast):
    """An article of the bank, on the site."""

    def make(title: str = "¿Por qué me cobran cuota de manejo?", **more) -> Article:
        with tenant(cast.bank.pk):
            theme = add_theme(cast.bank, name=title[:50], by=cast.paola)
            about = About(cast.juan, bank_today() + timedelta(days=30))
            document = Document(title=title, body="Porque la cuenta lo dice así.", category=theme.pk, **more)
            made = writing.begin(cast.bank, document, by=cast.juan, about=about, ask_review=True)
            writing.publish(made, step=made.step, by=cast.paola)
            return Article.objects.get(pk=made.pk)

    return make


def ask(cast) -> Ticket:
    hear(cast, mention("@FrailejonAyuda me cobran cuota de manejo sin razón"))
    with tenant(cast.bank.pk):
        return Ticket.objects.select_related("organization", "customer").get()


def test_the_picker_offers_what_the_case_asks_first_and_searches(cast, published, log_in):
    asked = ask(cast)
    fee, other = published(), published("¿Cómo pido un extracto?")
    client, address = log_in(cast.juan), f"/frailejon/casos/{asked.number}/articulos/"

    first = client.get(address).content.decode()
    found = client.get(address, {"q": "estracto"}).content.decode()

    assert first.index(fee.title) < first.index(other.title)
    assert "parece su pregunta" in first
    assert f"/ayuda/frailejon/r/{fee.code}/" in first
    assert other.title in found
    assert fee.title not in found


def test_a_link_in_an_answer_is_remembered_and_counts_when_the_case_is_solved(cast, published, log_in):
    asked, made = ask(cast), published()
    text = f"Aquí lo explicamos: https://ayuda.example/ayuda/frailejon/r/{made.code}/"
    log_in(cast.juan).post(
        f"/frailejon/casos/{asked.number}/respuestas/",
        {"mode": "public", "text": text, "client_token": "t-1"},
    )
    with tenant(cast.bank.pk):
        assert ArticleUse.objects.get().article_id == made.pk
        assert AuditEvent.objects.get(action="article.linked").ticket_id == asked.pk
        assert uses_of(cast.bank, [made.pk]) == {}
        Message.objects.filter(direction="out").update(send_state=ActionState.SENT)
        assert (
            uses_of(cast.bank, [made.pk])[made.pk].cases,
            uses_of(cast.bank, [made.pk])[made.pk].solved,
        ) == (1, 0)
        Ticket.objects.update(state=TicketState.RESOLVED)
        assert uses_of(cast.bank, [made.pk])[made.pk].solved == 1

    page = log_in(cast.juan).get(f"/frailejon/articulos/{made.pk}/casos/").content.decode()
    assert "Resolvió 1 caso" in page


def test_another_organizations_link_means_nothing_here(cast, published):
    made = published()
    hear(cast, mention("@AlisiosAyuda hola, mi maleta"), account=cast.airline_x)
    with tenant(cast.airline.pk):
        ticket = Ticket.objects.select_related("organization").get()
        said = reply(
            ticket, by=cast.carla, text=f"/ayuda/frailejon/r/{made.code}/ /ayuda/alisios/r/{made.code}/",
            mode="public", client_token="t-2",
        )  # fmt: skip
        assert note_links(cast.airline, said, by=cast.carla) == []


def test_an_answer_does_not_leave_with_a_link_to_what_is_no_longer_there(cast, published, log_in):
    asked, made = ask(cast), published()
    with tenant(cast.bank.pk):
        writing.retire(made, by=cast.paola)
    text = f"Mire: /ayuda/frailejon/r/{made.code}/"

    answer = log_in(cast.juan).post(
        f"/frailejon/casos/{asked.number}/respuestas/",
        {"mode": "public", "text": text, "client_token": "t-3"},
    )

    assert answer.status_code == 422
    assert "ya no está en el sitio" in answer.content.decode()
    assert text in answer.content.decode()
    with tenant(cast.bank.pk):
        assert not Message.objects.filter(direction="out").exists()


def test_a_good_answer_becomes_a_draft_once_without_who_it_was_said_to(cast, log_in):
    asked = ask(cast)
    address = f"/frailejon/casos/{asked.number}/articulo/"
    client = log_in(cast.juan)
    client.post(address)
    with tenant(cast.bank.pk):
        assert not Article.objects.exists()
        reply(
            asked, by=cast.juan, text="Diana, su cuota no se cobra con 4 compras. Llame al 3001234567",
            mode="public", client_token="t-4",
        )  # fmt: skip
        Message.objects.filter(direction="out").update(send_state=ActionState.SENT)

    first, second = client.post(address), client.post(address)

    assert first["Location"] == second["Location"]
    with tenant(cast.bank.pk):
        draft = Article.objects.get().draft
        assert draft["title"] == "me cobran cuota de manejo sin razón"
        assert "no se cobra con 4 compras" in draft["body"]
        assert not any(word in draft["body"] for word in ("Diana", "^JC", "3001234567"))
        assert AuditEvent.objects.get(action="article.from_answer").ticket_id == asked.pk
    assert log_in(cast.marta).post(address).status_code == 403


def test_a_look_that_broke_down_says_so_and_may_be_asked_for_again(cast, log_in):
    client = log_in(cast.juan)
    client.post("/frailejon/preguntas/")
    with tenant(cast.bank.pk):
        QuestionWeek.objects.update(asked_at=clock.now() - timedelta(hours=1))

    assert group_asked(cast.bank) is None
    assert "no se terminó de agrupar" in client.get("/frailejon/preguntas/").content.decode()
    client.post("/frailejon/preguntas/")
    assert group_asked(cast.bank) is not None
    assert group_asked(cast.bank) is None
