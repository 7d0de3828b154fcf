"""Steps on a tree: what they do, and what they refuse. Pure."""

from __future__ import annotations

import pytest

from protocols.typification.rules import edits
from protocols.typification.rules.checks import wrongs_of
from protocols.typification.rules.edits import EditRefused
from protocols.typification.rules.tree import Tree
from protocols.typification.seeds import seed


@pytest.fixture
def tree() -> Tree:
    return seed("bank")


def names(tree: Tree, category: str) -> list[str]:
    return [node.name for node in tree.children(f"motive-{category}")]


def test_new_motive_goes_last_and_takes_its_categorys_area(tree):
    after, node = edits.add(tree, axis="motive", name="  Cobro  de más ", parent="motive-cobros")

    assert names(after, "cobros")[-1] == node.name == "Cobro de más"
    assert (node.area, node.key) == ("Producto", "motive-cobro-de-mas")


def test_moving_before_another_and_into_another_category(tree):
    after = edits.move(tree, "motive-extracto", parent="motive-documentos", before="motive-certificado")
    moved = edits.move(after, "motive-extracto", parent="motive-atencion", before="motive-horarios")

    assert names(after, "documentos")[:2] == ["Extracto", "Certificado"]
    assert names(moved, "atencion")[-2:] == ["Extracto", "Horarios"]
    assert "Extracto" not in names(moved, "documentos")


def test_nudging_walks_through_the_list_and_into_the_next(tree):
    down = edits.nudge(tree, "motive-certificado", edits.DOWN)
    assert names(down, "documentos")[:2] == ["Extracto", "Certificado"]
    assert names(edits.nudge(down, "motive-certificado", edits.UP), "documentos") == names(tree, "documentos")
    out = edits.nudge(tree, "motive-certificado", edits.UP)
    assert names(out, "centrales-de-riesgo")[-1] == "Certificado"
    back = edits.nudge(out, "motive-certificado", edits.DOWN)
    assert names(back, "documentos") == names(tree, "documentos")


def test_nudging_past_the_ends_changes_nothing(tree):
    assert edits.nudge(tree, "motive-cobro-no-reconocido", edits.UP) == tree
    assert edits.nudge(tree, "cause-sin-falla", edits.DOWN) == tree


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ("two_levels", lambda t: edits.add(t, axis="motive", name="x", parent="motive-doble-cobro")),
        ("two_levels", lambda t: edits.move(t, "motive-cobros", parent="motive-acceso")),
        ("two_levels", lambda t: edits.move(t, "motive-doble-cobro", parent="")),
        (
            "same_name",
            lambda t: edits.add(t, axis="motive", name="DOBLE COBRO", parent="motive-transacciones"),
        ),
        ("same_name", lambda t: edits.change(t, "cause-proceso", name="política")),
        ("no_name", lambda t: edits.change(t, "cause-proceso", name="  ")),
        ("long_name", lambda t: edits.change(t, "cause-proceso", name="x" * 81)),
        ("no_such_value", lambda t: edits.change(t, "motive-doble-cobro", kind="inventado")),
        ("has_motives", lambda t: edits.retire(t, "motive-cobros")),
        ("not_mergeable", lambda t: edits.merge(t, "motive-doble-cobro", into="cause-proceso")),
        ("not_mergeable", lambda t: edits.merge(t, "motive-doble-cobro", into="motive-doble-cobro")),
        ("not_mergeable", lambda t: edits.merge(t, "motive-doble-cobro", into="motive-cobros")),
        ("gone", lambda t: edits.change(t, "motive-inventado", name="x")),
        ("gone", lambda t: edits.change(edits.retire(t, "cause-proceso"), "cause-proceso", name="x")),
        ("no_axis", lambda t: edits.add(t, axis="mood", name="x")),
    ],
)
def test_what_breaks_the_tree_is_refused(tree, code, step):
    with pytest.raises(EditRefused) as refused:
        step(tree)

    assert refused.value.code == code


def test_sixty_motives_are_the_most(tree):
    for n in range(60 - len(tree.live("motive"))):
        tree, _node = edits.add(tree, axis="motive", name=f"Motivo {n}", parent="motive-cobros")
    with pytest.raises(EditRefused) as refused:
        edits.add(tree, axis="motive", name="Uno más", parent="motive-cobros")
    full = edits.retire(tree, "motive-motivo-1")
    full, _node = edits.add(full, axis="motive", name="Otro más", parent="motive-cobros")
    with pytest.raises(EditRefused):
        edits.restore(full, "motive-motivo-1")

    assert refused.value.code == "too_many_motives"


def test_merges_lead_to_the_end_and_restoring_undoes_one(tree):
    tree = edits.merge(tree, "motive-paz-y-salvo", into="motive-extracto")
    tree = edits.merge(tree, "motive-extracto", into="motive-certificado")

    assert tree.target("motive-paz-y-salvo").key == "motive-certificado"
    back = edits.restore(tree, "motive-extracto")
    assert back.target("motive-paz-y-salvo").key == "motive-extracto"


def test_category_left_empty_is_said_before_publishing(tree):
    for node in tree.children("motive-etica"):
        tree = edits.retire(tree, node.key)

    assert [(one.code, one.detail) for one in wrongs_of(tree)] == [("empty_category", "Ética")]


def test_words_are_kept_once_each_and_clean(tree):
    after = edits.change(tree, "motive-trato", words=["  grosero ", "grosero", "", "x" * 200])

    assert after.get("motive-trato").words == ("grosero", "x" * 80)
