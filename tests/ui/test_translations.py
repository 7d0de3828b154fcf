"""English is complete: every text of the interface has one, with the same places to fill in."""

import importlib.util
import re
from pathlib import Path

import polib
import pytest
from django.conf import settings
from django.utils import translation

ROOT = Path(settings.BASE_DIR)


@pytest.fixture(scope="module")
def tool():
    spec = importlib.util.spec_from_file_location("locale_update", ROOT / "locale" / "update.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue(tool):
    return {tool._key(entry): entry for entry in polib.pofile(str(tool.PO))}


def test_every_text_has_an_english_translation(tool, catalogue):
    missing = [
        f"{text.msgid!r} ({', '.join(sorted(files))})"
        for text, files in tool.collect().items()
        if text not in catalogue or not catalogue[text].translated()
    ]
    assert not missing, "python locale/update.py adds these; then translate:\n" + "\n".join(missing)


def test_no_translation_is_fuzzy(catalogue):
    assert not [entry.msgid for entry in catalogue.values() if entry.fuzzy]


def test_translations_keep_the_places_of_the_original(catalogue):
    def places(text):
        return sorted(re.findall(r"%\(\w+\)[sd]|\{\w*\}", text))

    for entry in catalogue.values():
        for translated in [entry.msgstr] if not entry.msgid_plural else [entry.msgstr_plural[1]]:
            assert places(translated) == places(entry.msgid_plural or entry.msgid), entry.msgid


def test_texts_are_found_in_templates_and_in_code(tool):
    template = """{% translate "Entrar" %}
    {% blocktranslate with name=n %}Hola {{ name }}{% endblocktranslate %}
    {% translate 'mar' context 'día' %}
    {% blocktranslate count n=n %}{{ n }} caso{% plural %}{{ n }} casos{% endblocktranslate %}"""
    assert set(tool.in_template(template)) == {
        ("", "Entrar", ""),
        ("", "Hola %(name)s", ""),
        ("día", "mar", ""),
        ("", "%(n)s caso", "%(n)s casos"),
    }
    code = 'a = _("uno"); b = pgettext("mes", "mar"); c = ngettext("caso", "casos", n); d = _(variable)'
    assert set(tool.in_python(code)) == {("", "uno", ""), ("mes", "mar", ""), ("", "caso", "casos")}


def test_the_page_speaks_english():
    with translation.override("en"):
        assert translation.gettext("Consola") == "Console"
