"""What a visitor reads: hours, who attends, notices, and what search engines are told."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from helpdesk import clock
from helpdesk.site.colour import DARK_GROUND, INK, LIGHT_GROUND, TEXT, WHITE, contrast, palette
from helpdesk.site.models import Site
from helpdesk.tenancy.context import tenant
from helpdesk.tenancy.models import Membership, Organization
from tests.tickets.public.pictures import chunk, png
from tickets.incidents.models import Incident, IncidentNotice
from tickets.team.models import MemberPhoto

HOME = "/ayuda/frailejon/"
SETTINGS = "/frailejon/ajustes/sitio/"


def decided(**more):
    return {
        "is_on": "on", "takes_cases": "on", "shows_team": "on", "greeting": "", "signature": "", "privacy_url": "",
        "defender_url": "", "colour": "#0b6b3a",
    } | more  # fmt: skip


def test_home_says_when_and_by_whom_and_where(visitor):
    page = visitor.get(HOME).content.decode()

    assert re.search(r"Abierto|Cerrado", page)
    assert "@FrailejonAyuda" in page
    assert "^JC" in page
    assert "^MG" not in page, "who administers answers nobody"


def test_structured_data_are_json_of_the_organization(visitor):
    page = visitor.get(HOME).content.decode()
    found = [
        json.loads(words) for words in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page)
    ]

    assert found[0]["@type"] == "Organization"
    assert found[0]["url"].endswith(HOME)
    assert re.fullmatch(r"\d\d:\d\d", found[0]["contactPoint"]["hoursAvailable"][0]["opens"])
    assert found[0]["sameAs"] == ["https://x.com/FrailejonAyuda", "https://www.facebook.com/100000000000101"]


def test_organization_whose_name_is_hostile_executes_nothing(cast, visitor):
    with tenant(cast.bank.pk):
        Organization.objects.filter(pk=cast.bank.pk).update(name="</script><script>alert(1)</script>")
    page = visitor.get(HOME).content.decode()
    assert "<script>alert" not in page


def test_photo_is_shown_by_consent_only(cast, visitor):
    with tenant(cast.bank.pk):
        MemberPhoto.objects.create(organization=cast.bank, member=cast.juan, body=b"\xff\xd8\xffpicture")
        Membership.objects.filter(pk=cast.juan.pk).update(photo_version=1)
    path = f"{HOME}foto/{cast.juan.pk}/"
    assert visitor.get(path).status_code == 404
    assert path not in visitor.get(HOME).content.decode()
    with tenant(cast.bank.pk):
        Membership.objects.filter(pk=cast.juan.pk).update(photo_public_at=clock.now())
    assert visitor.get(path)["Content-Type"] == "image/jpeg"
    assert path in visitor.get(HOME).content.decode()
    assert visitor.get(path.replace("frailejon", "alisios")).status_code == 404


def test_notice_is_read_once_somebody_approved_it(cast, visitor):
    with tenant(cast.bank.pk):
        now = clock.now()
        incident = Incident.objects.create(
            organization=cast.bank, number=1, title="App lenta", situation="x", measures="y", declared_at=now,
            next_notice_at=now + timedelta(hours=1), state="open",
        )  # fmt: skip
        notice = IncidentNotice.objects.create(
            organization=cast.bank, incident=incident, title="La app está lenta", situation="Desde las 9:40.",
            measures="Estamos en ello.", written_by=cast.juan,
        )  # fmt: skip
    assert "La app está lenta" not in visitor.get(HOME).content.decode()
    with tenant(cast.bank.pk):
        IncidentNotice.objects.filter(pk=notice.pk).update(
            stage="published", decided_by=cast.paola, decided_at=clock.now()
        )
    assert "La app está lenta" in visitor.get(HOME).content.decode()
    assert "Estamos en ello." in visitor.get(f"{HOME}novedades/").content.decode()


def test_map_of_the_site_and_robots(visitor):
    sitemap = visitor.get(f"{HOME}sitemap.xml")
    assert sitemap["Content-Type"] == "application/xml"
    assert f"{HOME}caso/</loc>" in sitemap.content.decode()
    assert "Disallow: /\nAllow: /ayuda/" in visitor.get("/robots.txt").content.decode()


def test_pages_of_one_person_are_not_for_search_engines(visitor, file_it):
    for page in (file_it(), visitor.get(f"{HOME}estado/")):
        assert page["Cache-Control"] == "private, no-store"
    assert 'content="noindex"' in file_it().content.decode()


def test_address_that_is_not_there_is_answered_in_the_sites_own_words(visitor):
    answer = visitor.get(f"{HOME}no/existe/")
    assert answer.status_code == 404
    assert "Ir a la ayuda" in answer.content.decode()
    assert visitor.get(f"{HOME}caso")["Location"] == f"{HOME}caso/"


def test_language_is_the_visitors_choice_not_their_telephones(visitor):
    assert 'lang="es"' in visitor.get(HOME, headers={"Accept-Language": "en"}).content.decode()
    chosen = visitor.get(f"{HOME}?idioma=en")
    assert (chosen.status_code, chosen["Location"]) == (302, HOME)
    assert 'lang="en"' in visitor.get(HOME).content.decode()


@pytest.mark.parametrize(
    "colour", ["#ffd400", "#ff0000", "#00a0ff", "#ffffff", "#000000", "#0b6b3a", "#7fff00"]
)
def test_every_colour_can_be_read_in_both_themes(colour):
    made = palette(colour)

    assert contrast(made.solid.light, made.on.light) >= TEXT
    assert contrast(made.solid.dark, made.on.dark) >= TEXT
    for ground in (WHITE, LIGHT_GROUND, made.soft.light):
        assert contrast(made.text.light, ground) >= TEXT
    for ground in (INK, DARK_GROUND, made.soft.dark):
        assert contrast(made.text.dark, ground) >= TEXT


def test_colour_that_can_be_read_stays_as_it_is():
    assert palette("#0b6b3a").solid.light == "#0b6b3a"
    assert palette("#ffd400").is_corrected


def test_admin_decides_and_is_told_what_becomes_of_the_colour(cast, visitor, log_in):
    admin = log_in(cast.marta)
    preview = admin.post(SETTINGS, {"colour": "#ffd400", "preview": "1"}).content.decode()
    assert "contraste de 1,4 a 1" in preview

    assert admin.post(SETTINGS, decided(colour="#FFD400", greeting="Hola, ¿qué pasó?")).status_code == 302
    page = visitor.get(HOME).content.decode()
    assert "Hola, ¿qué pasó?" in page
    assert "#ffd400;" not in visitor.get(f"{HOME}marca.css").content.decode().split("--org-solid")[1][:30]


def test_colour_that_is_none_is_refused_with_a_sentence(cast, visitor, log_in):
    answer = log_in(cast.marta).post(SETTINGS, decided(colour="url(x"))
    assert answer.status_code == 422
    assert "Ese color no se entiende" in answer.content.decode()


def test_logo_is_cleaned_and_shown(cast, visitor, log_in):
    logo = png(extra=chunk(b"tEXt", b"Author\0Marta"), width=64, height=64)
    log_in(cast.marta).post(SETTINGS, decided(logo=SimpleUploadedFile("logo.png", logo, "image/png")))

    kept = visitor.get(f"{HOME}logo")
    assert kept["Content-Type"] == "image/png"
    assert b"Marta" not in kept.content
    refused = log_in(cast.marta).post(
        SETTINGS, decided(logo=SimpleUploadedFile("logo.png", b"<svg onload=x>", "image/png"))
    )
    assert "no es una imagen" in refused.content.decode()


def test_closed_organization_says_so_on_its_site_and_in_its_console(cast, visitor, log_in, settings):
    settings.DATABASE_ROLE = "owner"
    call_command("close_organization", "frailejon")
    desk = log_in(cast.juan)
    for said in (desk.get("/frailejon/casos/"), desk.post("/frailejon/casos/1/notas/", {"text": "x"})):
        assert said.status_code == 410
        assert "está cerrada aquí" in said.content.decode()
    assert desk.get("/frailejon/casos/", headers={"HX-Request": "true"})["HX-Redirect"] == "/frailejon/casos/"
    answer = visitor.get(HOME)
    assert answer.status_code == 410
    assert "ya no atiende" in answer.content.decode()
    assert visitor.post(f"{HOME}caso/", {}).status_code == 410
    with tenant(cast.bank.pk):
        Site.objects.update(is_on=False)
    assert visitor.get(HOME).status_code == 404
