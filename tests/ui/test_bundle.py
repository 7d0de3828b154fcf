"""What is sent is what is written: one script and one style sheet, the same for the browser."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from helpdesk.ui.bundle import scripts, styles

STATIC = Path(settings.BASE_DIR) / "static"


def read(name):
    return (STATIC / name).read_text(encoding="utf-8")


def test_every_script_is_bundled_once_and_none_is_left_to_import():
    text = scripts("js/main.js", read)
    assert not re.search(r"^(import|export)\b", text, re.MULTILINE)
    assert text.count("function weightedLength") == 1
    assert len(re.findall(r"^const m\d+ = ", text, re.MULTILINE)) == 1 + len(
        [*STATIC.glob("js/*/*.js"), "stream.js"]
    )


def test_styles_keep_the_order_of_their_layers_and_lose_their_comments():
    text = styles("css/app.css", read)
    assert (
        text.index("@layer tokens, reset")
        < text.index(".i-lock")
        < text.index(".composer")
        < text.index(".rail")
    )
    assert "/*" not in text


def test_scripts_that_import_each_other_in_a_circle_are_refused():
    files = {
        "a.js": 'import { b } from "./b.js";\n',
        "b.js": 'import { a } from "./a.js";\nexport const b = 1;\n',
    }
    with pytest.raises(ValueError, match="imports itself"):
        scripts("a.js", files.__getitem__)


def test_an_import_that_the_bundle_does_not_know_is_refused():
    with pytest.raises(ValueError, match="not bundled"):
        scripts("a.js", {"a.js": 'import "./b.js";\n'}.__getitem__)


def test_no_script_or_style_reaches_outside_or_is_written_into_the_page():
    for path in [*STATIC.rglob("*.js"), *STATIC.rglob("*.css")]:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"(?<!xmlns=')https?://(?!www\.w3\.org)", text), path
        assert "innerHTML" not in text or "template.innerHTML" in text, path
    for path in (Path(settings.BASE_DIR) / "templates").rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"\sstyle=|\son(click|load|submit|change)=|javascript:", text), path


def test_every_behaviour_stays_small():
    for path in STATIC.glob("js/behaviors/*.js"):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 80, path
