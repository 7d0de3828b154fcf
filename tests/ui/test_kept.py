"""A kept part is written once for the same values, and carries the token of whoever reads it."""

from django.template import engines
from django.utils.translation import override

PAGE = (
    "{% load i18n %}{% kept 'test-kept' who can %}{{ who }} {{ seen }} {% translate 'Ajustes' %}"
    "{% csrf_token %}{% endkept %}"
)


def written(**values) -> str:
    return (
        engines["django"].from_string(PAGE).render(values | {"csrf_token": values.get("csrf_token", "mine")})
    )


def test_a_kept_part_changes_with_its_values_and_its_language_only():
    with override("es"):
        first = written(who="ana", can=["a"], seen="one")
        assert written(who="ana", can=["a"], seen="two") == first
        assert "two" in written(who="ana", can=["a", "b"], seen="two")
        assert "three" in written(who="luz", can=["a"], seen="three")
    with override("en"):
        assert "Settings" in written(who="ana", can=["a"], seen="four")


def test_a_kept_part_never_carries_another_readers_token():
    with override("es"):
        assert 'value="mine"' in written(who="eva", can=[], seen="")
        other = written(who="eva", can=[], seen="", csrf_token="theirs")
    assert 'value="theirs"' in other
    assert "mine" not in other
