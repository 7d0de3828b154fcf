"""Addresses from kept shapes are Django's own, to the letter."""

import pytest
from django.template import engines
from django.urls import NoReverseMatch, reverse

from helpdesk.ui.addresses import address


@pytest.mark.parametrize(
    ("name", "args"),
    [
        ("queue", ["frailejon"]),
        ("case", ["frailejon", 7]),
        ("case", ["frailejon", "7"]),
        ("clock_why", ["frailejon", 7, 12_345]),
        ("message_change", ["frailejon", 9, "retry"]),
        ("account_login", []),
    ],
)
def test_an_address_is_what_django_reverses(name, args):
    for _again in range(2):
        assert address(name, *args) == reverse(name, args=args)


@pytest.mark.parametrize("args", [["a b", 7], ["", 7], ["frailejon", -1], ["frailejon", "x"], ["frailejon"]])
def test_what_django_refuses_is_refused(args):
    address("case", "frailejon", 7)
    with pytest.raises(NoReverseMatch):
        address("case", *args)


def test_the_tag_gives_a_name_or_nothing():
    page = engines["django"].from_string(
        "{% url 'case' slug number as found %}{% url 'case' slug '' as none %}[{{ found }}][{{ none }}]"
        "{% url 'case' org=slug number=number %}"
    )
    assert page.render({"slug": "frailejon", "number": 7}) == "[/frailejon/casos/7/][]/frailejon/casos/7/"
