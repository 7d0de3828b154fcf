"""The index, the profile, hours, entries in quarantine and the audit."""

from __future__ import annotations

import re

from channels_social.models import InboundEvent
from helpdesk import audit
from helpdesk.audit.models import AuditEvent
from helpdesk.secrets.crypto import vault
from helpdesk.tenancy.context import tenant
from tests.stories import open_case
from tickets.settings.lines import SENTENCES
from tickets.settings.queries import entries as queries

INDEX, ENTRIES, AUDIT = "/frailejon/ajustes/", "/frailejon/ajustes/entradas/", "/frailejon/ajustes/bitacora/"
WORDS = "mi clave secreta es girasol"


def event(cast, number: int = 1, *, state: str = "quarantined", reason: str = "KeyError") -> InboundEvent:
    with tenant(cast.bank.pk):
        return InboundEvent.objects.create(
            organization=cast.bank, account=cast.bank_x, kind="x.post", external_id=str(number), digest=str(number),
            source="webhook", payload=vault().seal(WORDS), state=state, reason=reason,
        )  # fmt: skip


def test_index_shows_what_each_may_open(cast, visit):
    admin, supervisor = visit(cast.marta, INDEX), visit(cast.paola, INDEX)

    assert "2 de 2 en vivo" in admin
    assert "4 personas" in admin
    assert "/ajustes/bitacora/" in supervisor
    assert "/ajustes/cuentas/" not in supervisor


def test_who_sets_nothing_sees_their_profile(cast, visit):
    page = visit(cast.juan, INDEX)

    assert "Segundo factor" in page
    assert "^JC" in page
    assert "/ajustes/cuentas/" not in page
    assert "/ajustes/equipo/" not in page


def test_language_is_kept_and_spoken(cast, client):
    client.force_login(cast.juan.user)

    client.post("/frailejon/ajustes/perfil/", {"language": "en"})

    cast.juan.user.refresh_from_db()
    assert cast.juan.user.language == "en"
    assert '<html lang="en"' in client.get(INDEX).content.decode()


def test_language_nobody_speaks_is_refused(cast, client):
    client.force_login(cast.juan.user)

    assert client.post("/frailejon/ajustes/perfil/", {"language": "la"}).status_code == 422


def test_hours_explain_what_clocks_count(cast, visit):
    page = visit(cast.juan, "/frailejon/ajustes/horario/").replace("\xa0", " ")

    assert "8:00–20:00" in page
    assert "America/Bogota" in page
    assert len(re.findall(r'class="today"', page)) == 1


def test_quarantine_says_why_and_never_what_was_said(cast, visit):
    event(cast, reason=f"ValueError: cannot read '{WORDS}' as a number")

    page = visit(cast.marta, ENTRIES)

    assert "ValueError: cannot read ••• as a number" in page
    assert "Publicación en X" in page
    assert "x.post" not in page
    assert "girasol" not in page


def test_entry_is_processed_again(cast, client):
    poison = event(cast)
    client.force_login(cast.marta.user)

    client.post(f"{ENTRIES}{poison.pk}/")

    with tenant(cast.bank.pk):
        poison.refresh_from_db()
        assert (poison.state, poison.reason) == ("pending", "")
        line = AuditEvent.objects.get(action="entry.replayed")
        assert (line.actor_id, line.data) == (cast.marta.pk, {"event": poison.pk})


def test_entry_that_is_not_in_quarantine_stays_as_it_is(cast, client):
    done = event(cast, state="done", reason="")
    client.force_login(cast.marta.user)

    answer = client.post(f"{ENTRIES}{done.pk}/", follow=True)

    assert "ya no está en cuarentena" in answer.content.decode()
    with tenant(cast.bank.pk):
        done.refresh_from_db()
        assert done.state == "done"
        assert not AuditEvent.objects.filter(action="entry.replayed").exists()


def test_counting_stops(cast, visit, monkeypatch):
    monkeypatch.setattr(queries, "MOST", 2)
    for number in range(3):
        event(cast, number, state="pending", reason="")

    assert "más de 1.000" in visit(cast.marta, ENTRIES)


def test_quarantine_is_walked_in_pages(cast, client, monkeypatch):
    monkeypatch.setattr(queries, "AT_ONCE", 2)
    monkeypatch.setattr("tickets.settings.views.entries.AT_ONCE", 2)
    events = [event(cast, number).pk for number in range(3)]
    client.force_login(cast.marta.user)

    first = client.get(ENTRIES).content.decode()
    older = re.search(r'href="([^"]*\?antes=\d+)"', first)
    assert older is not None
    second = client.get(older[1]).content.decode()

    assert [pk for pk in events if f"/entradas/{pk}/" in first] == events[1:]
    assert [pk for pk in events if f"/entradas/{pk}/" in second] == events[:1]


def test_audit_is_written_in_sentences(cast, visit):
    open_case(cast)
    with tenant(cast.bank.pk):
        audit.record(
            cast.bank.pk, "member.role_changed", actor_id=cast.marta.pk, member=cast.juan.pk, former="agent",
            role="trainee",
        )  # fmt: skip

    page = visit(cast.paola, AUDIT)

    assert "Cambió el rol de Juan Carlos ^JC: de Asesor a Aprendiz" in page
    assert "Escribió una respuesta" in page
    assert "/frailejon/casos/" in page


def test_admin_reads_configuration_only(cast, visit):
    open_case(cast)

    page = visit(cast.marta, AUDIT)

    assert "Escribió una respuesta" not in page
    assert "Conectó la cuenta @FrailejonAyuda" in page


def test_audit_is_walked_to_its_end(cast, client):
    with tenant(cast.bank.pk):
        for _ in range(120):
            audit.record(cast.bank.pk, "entry.replayed", actor_id=cast.marta.pk, event=1)
        total = AuditEvent.objects.count()
    client.force_login(cast.marta.user)

    path, seen = AUDIT, 0
    while path:
        page = client.get(path).content.decode()
        seen += page.count('<li><span class="when')
        older = re.search(r'href="([^"]*\?antes=\d+)"', page)
        path = older[1] if older else ""

    assert seen == total


def test_every_sentence_can_be_said(cast):
    from tickets.settings.lines import sentence_of

    for action in SENTENCES:
        assert "%(" not in sentence_of(action, {}, {}, {})


def test_a_code_without_a_sentence_is_shown_as_it_is():
    from tickets.settings.lines import sentence_of

    assert sentence_of("something.new", {}, {}, {}) == "something.new"
