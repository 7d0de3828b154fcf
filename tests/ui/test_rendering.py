"""A page that was rendered is forgotten at once, not when the collector comes by."""

from __future__ import annotations

import gc
import weakref

from django.template import engines
from django.test import RequestFactory


class Shown:
    """Something a page shows."""

    def __str__(self) -> str:
        return "a case"


def test_page_keeps_nothing_of_what_it_showed(rf: RequestFactory) -> None:
    """Without the collector, what only the page knew is gone once the text is there."""
    shown = Shown()
    remembered = weakref.ref(shown)
    page = engines["django"].from_string("{% with it=shown %}{{ it }}{% endwith %}")
    gc.disable()
    try:
        assert page.render({"shown": shown}, rf.get("/")) == "a case"
        del shown
        assert remembered() is None
    finally:
        gc.enable()
