"""The tree as admins keep it: drafts, versions, two at once, retired names, «Otros»."""

from __future__ import annotations

import threading

import pytest
from django.db import DatabaseError, connection

from helpdesk import clock
from helpdesk.audit.models import AuditEvent
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Organization
from protocols.models import TreeDraft, TreeNode, TreeVersion
from protocols.typification.domain.editing import Crossed, draft_of, take_step
from protocols.typification.domain.publishing import StaleDraft, publish
from protocols.typification.domain.queries.published import published
from tests.stories import hear, mention
from tickets.cases.classification import Classification
from tickets.cases.domain.classifying import Choice, NotInTree, classify, owed
from tickets.cases.domain.queries.typified import current, use_of
from tickets.cases.models import Ticket
from tickets.replies.domain import casework
from tickets.settings.domain.organization import invite

TREE, EDIT = "/frailejon/ajustes/tipificacion/", "/frailejon/ajustes/tipificacion/cambios/"
PUBLISH = "/frailejon/ajustes/tipificacion/version/"
DOUBLE = f"{TREE}motive-doble-cobro/"


@pytest.fixture
def olga(cast):
    """A second admin of the bank."""
    return invite(
        cast.bank,
        email="olga@frailejon.example",
        name="Olga",
        initials="OL",
        role="admin",
        password="clave-larga-1",
    )


@pytest.fixture
def ticket(cast):
    hear(cast, mention("@FrailejonAyuda ¿me cobraron dos veces?"))
    with tenant(cast.bank.pk):
        yield casework.lock(Ticket.objects.get().pk)


def step(cast, op: str, *, by=None, seen: int | None = None, **given):
    with tenant(cast.bank.pk):
        seen = draft_of(cast.bank).step if seen is None else seen
        return take_step(cast.bank, op, seen=seen, by=by or cast.marta, **given)


def out(cast, *, by=None) -> TreeVersion:
    with tenant(cast.bank.pk):
        return publish(cast.bank, step=draft_of(cast.bank).step, by=by or cast.marta)


def test_each_organization_begins_with_the_tree_of_its_sector(cast):
    with tenant(cast.bank.pk):
        bank = {node.name for node in TreeNode.objects.filter(axis="motive")}
    with tenant(cast.airline.pk):
        airline = {node.name for node in TreeNode.objects.filter(axis="motive")}

    assert "Cajero no entregó" in bank - airline
    assert "Conexión perdida" in airline - bank


def test_draft_changes_nothing_until_it_is_published(cast, ticket):
    step(cast, "add", axis="motive", parent="motive-cobros", name="Cobro por inactividad")
    with pytest.raises(NotInTree):
        classify(ticket, Choice(motive="motive-cobro-por-inactividad"), by=cast.juan)
    version = out(cast)

    row = classify(ticket, Choice(motive="motive-cobro-por-inactividad"), by=cast.juan)
    assert (version.number, row.version_id) == (2, version.pk)


def test_every_publication_is_a_version_with_its_line_in_the_audit(cast, ticket):
    step(cast, "change", key="motive-trato", name="Mal trato")
    out(cast)

    versions = list(TreeVersion.objects.order_by("number"))
    line = AuditEvent.objects.filter(action="tree.published").latest("id")
    assert [version.number for version in versions] == [1, 2]
    assert versions[1].steps[0]["former"] == "Trato"
    assert (line.actor_id, line.data["version"]) == (cast.marta.pk, 2)


def test_published_versions_cannot_be_rewritten(cast):
    with pytest.raises(DatabaseError), tenant(cast.bank.pk):
        TreeVersion.objects.update(number=9)


def test_retired_motive_keeps_its_history_and_is_chosen_no_more(cast, ticket):
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)
    step(cast, "retire", key="motive-doble-cobro")
    out(cast)

    assert current(ticket).motive.name == "Doble cobro"
    tree = published(cast.bank.pk)
    assert use_of(tree, cast.bank.pk, now=clock.now()).counts["motive-doble-cobro"] == 1
    with pytest.raises(NotInTree) as refused:
        classify(ticket, Choice(motive="motive-doble-cobro", product="product-app"), by=cast.juan)
    assert refused.value.name == "Doble cobro"
    assert owed(ticket) == ("cause", "result")  # the motive it has goes on being its motive


def test_merged_motive_counts_as_the_other_also_in_the_past(cast, ticket):
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)
    step(cast, "merge", key="motive-doble-cobro", into="motive-comision")
    out(cast)

    tree = published(cast.bank.pk)
    counts = use_of(tree, cast.bank.pk, now=clock.now()).counts
    assert (counts["motive-comision"], counts["motive-doble-cobro"]) == (1, 0)
    assert Classification.objects.get(is_current=True).motive.name == "Doble cobro"
    chosen = classify(ticket, Choice(motive="motive-doble-cobro", product="product-app"), by=cast.juan)
    assert chosen.motive.name == "Comisión"


def test_two_admins_on_different_names_lose_nothing(cast, olga, client):
    with tenant(cast.bank.pk):
        seen = draft_of(cast.bank).step
    step(cast, "change", by=cast.marta, seen=seen, key="motive-trato", name="Mal trato")
    client.force_login(olga.user)
    answer = client.post(
        DOUBLE, {"seen": seen, "name": "Cobro repetido", "parent": "motive-transacciones"}, follow=True
    )

    page = answer.content.decode()
    assert "Marta cambió el nombre «Trato» por «Mal trato»" in page
    with tenant(cast.bank.pk):
        tree = draft_of(cast.bank).tree
    assert tree.get("motive-trato").name == "Mal trato"
    assert tree.get("motive-doble-cobro").name == "Cobro repetido"


def test_two_admins_on_the_same_name_the_second_is_told_and_keeps_what_was_typed(cast, olga, client):
    with tenant(cast.bank.pk):
        seen = draft_of(cast.bank).step
    step(cast, "change", by=cast.marta, seen=seen, key="motive-doble-cobro", name="Cobro doble")
    client.force_login(olga.user)
    typed = {"seen": seen, "name": "Cobro repetido", "parent": "motive-transacciones", "area": "Tesorería"}
    answer = client.post(DOUBLE, typed)

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Marta cambió el nombre «Doble cobro» por «Cobro doble»" in page
    assert 'value="Cobro repetido"' in page
    assert 'value="Tesorería"' in page
    with tenant(cast.bank.pk):
        draft = draft_of(cast.bank)
        assert draft.tree.get("motive-doble-cobro").name == "Cobro doble"
    again = client.post(DOUBLE, typed | {"seen": draft.step})
    assert again.status_code == 302
    with tenant(cast.bank.pk):
        assert draft_of(cast.bank).tree.get("motive-doble-cobro").name == "Cobro repetido"


def test_crossed_merge_can_be_repeated_with_one_press(cast, olga, client):
    with tenant(cast.bank.pk):
        seen = draft_of(cast.bank).step
    step(cast, "change", by=cast.marta, seen=seen, key="motive-comision", area="Tesorería")
    client.force_login(olga.user)
    answer = client.post(
        EDIT, {"op": "merge", "key": "motive-doble-cobro", "into": "motive-comision", "seen": seen}
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Hacerlo de todas formas" in page
    assert 'name="into" value="motive-comision"' in page


def test_publishing_what_was_not_seen_is_refused(cast, olga, client):
    step(cast, "change", key="motive-trato", name="Mal trato")
    with tenant(cast.bank.pk):
        seen = draft_of(cast.bank).step
    step(cast, "retire", by=olga, key="cause-politica")
    client.force_login(cast.marta.user)
    answer = client.post(PUBLISH, {"op": "publish", "seen": seen})

    assert answer.status_code == 409
    assert "Olga retiró «Política»" in answer.content.decode()
    with tenant(cast.bank.pk):
        assert TreeVersion.objects.count() == 1
        with pytest.raises(StaleDraft):
            publish(cast.bank, step=seen, by=cast.marta)


@pytest.mark.django_db(transaction=True)
def test_two_admins_at_the_same_instant_one_waits_and_is_told(cast):
    olga = invite(
        cast.bank, email="o@frailejon.example", name="Olga", initials="OL", role="admin", password="x"
    )
    told: list[str] = []
    ready = threading.Barrier(2)

    def rename(member, name: str) -> None:
        try:
            with tenant(cast.bank.pk):
                ready.wait()
                take_step(cast.bank, "change", seen=0, by=member, key="motive-trato", name=name)
            told.append("kept")
        except Crossed:
            told.append("told")
        finally:
            connection.close()

    threads = [
        threading.Thread(target=rename, args=(cast.marta, "De Marta")),
        threading.Thread(target=rename, args=(olga, "De Olga")),
    ]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)

    assert sorted(told) == ["kept", "told"]
    with tenant(cast.bank.pk):
        assert TreeDraft.objects.get().step == 1


def test_moves_by_keyboard_and_by_dragging(cast, client):
    client.force_login(cast.marta.user)
    client.post(EDIT, {"op": "down", "key": "motive-certificado", "seen": 0})
    client.post(
        EDIT,
        {
            "op": "move",
            "key": "motive-trato",
            "parent": "motive-documentos",
            "before": "motive-extracto",
            "seen": 1,
        },
    )

    with tenant(cast.bank.pk):
        tree = draft_of(cast.bank).tree
    assert [one.name for one in tree.children("motive-documentos")][:3] == [
        "Trato",
        "Extracto",
        "Certificado",
    ]


def test_refused_step_says_why(cast, client):
    client.force_login(cast.marta.user)
    answer = client.post(EDIT, {"op": "retire", "key": "motive-cobros", "seen": 0})

    assert answer.status_code == 422
    assert "todavía tiene motivos" in answer.content.decode()


def test_discarding_goes_back_to_the_last_version(cast, client):
    step(cast, "change", key="motive-trato", name="Mal trato")
    client.force_login(cast.marta.user)
    client.post(PUBLISH, {"op": "discard", "seen": 1})

    with tenant(cast.bank.pk):
        draft = draft_of(cast.bank)
    assert draft.tree.get("motive-trato").name == "Trato"
    assert draft.steps == []


def test_merging_asks_first_and_says_what_it_does(cast, ticket, client):
    classify(ticket, Choice(motive="motive-doble-cobro"), by=cast.juan)
    client.force_login(cast.marta.user)
    page = client.get(DOUBLE, {"con": "motive-comision"}).content.decode()

    assert "¿Fusionar «Doble cobro» con «Comisión»?" in page
    assert "1 caso de los últimos 30 días lo usa" in page


def test_agents_read_the_tree_and_do_not_change_it(cast, client):
    client.force_login(cast.juan.user)

    page = client.get(TREE).content.decode()
    assert "Doble cobro" in page
    assert "tree_edit" not in page
    assert "tree-add" not in page
    assert client.post(EDIT, {"op": "retire", "key": "cause-proceso", "seen": 0}).status_code == 403
    assert client.post(DOUBLE, {"op": "retire", "seen": 0}).status_code == 403


def others(cast, total: int, of_them: int) -> None:
    with tenant(cast.bank.pk):
        keys = ["motive-otro-motivo"] * of_them + ["motive-trato"] * (total - of_them)
        first = Ticket.objects.get()
        for n, key in enumerate(keys):
            first.pk, first.number, first.radicado = None, 1000 + n, None
            first._state.adding = True
            first.save()
            classify(casework.lock(first.pk), Choice(motive=key), by=cast.juan)


@pytest.mark.parametrize(("of_them", "warned"), [(2, False), (3, True)])
def test_others_above_five_per_cent_warns_the_admin(cast, client, of_them, warned):
    hear(cast, mention("@FrailejonAyuda hola, ¿están?"))
    others(cast, 40, of_them)
    client.force_login(cast.marta.user)

    assert ("«Otros» va en" in client.get(TREE).content.decode()) is warned
    assert ("«Otros» va en" in client.get("/frailejon/ajustes/").content.decode()) is warned


def test_organization_without_a_tree_resolves_and_can_begin_with_one(cast, client):
    """An organization older than the trees."""
    old = Organization.objects.create(
        slug="viejo", name="Viejo", country="CO", sector="telecom", timezone="America/Bogota"
    )
    admin = invite(old, email="admin@viejo.example", name="Admin", initials="AD", role="admin", password="x")
    client.force_login(admin.user)

    assert "no tiene árbol" in client.get("/viejo/ajustes/tipificacion/").content.decode()
    with tenant(old.pk):
        assert owed(Ticket(organization=old)) == ()
    client.post("/viejo/ajustes/tipificacion/version/", {"op": "plant", "sector": "telecom"})
    assert "Masiva en zona" in client.get("/viejo/ajustes/tipificacion/").content.decode()
