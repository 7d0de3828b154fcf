"""Files in answers as a person sends them: chosen, pasted, dropped, taken out; the customer sees them."""

from __future__ import annotations

import os
import struct
import zlib

import pytest
import requests
from playwright.sync_api import expect

from tests.journeys.conftest import eventually
from tests.journeys.test_channels import open_case_of
from tests.tickets.public.pictures import chunk, png
from tests.tickets.public.test_files import PDF

pytestmark = [pytest.mark.browser, pytest.mark.live]

PASTE = """([field, bytes, how]) => {
  const data = new DataTransfer();
  data.items.add(new File([new Uint8Array(bytes)], "pegada.png", { type: "image/png" }));
  const more = { bubbles: true, cancelable: true };
  field.dispatchEvent(how === "paste" ? new ClipboardEvent("paste", { clipboardData: data, ...more })
    : new DragEvent("drop", { dataTransfer: data, ...more }));
}"""


PASTE_WEBP = """async () => {
  const canvas = document.createElement("canvas");
  const blob = await new Promise((done) => canvas.toBlob(done, "image/webp"));
  const data = new DataTransfer();
  data.items.add(new File([blob], "pegada.webp", { type: blob.type }));
  const more = { bubbles: true, cancelable: true, clipboardData: data };
  document.getElementById("composer-text").dispatchEvent(new ClipboardEvent("paste", more));
}"""


def write_on_messenger(control, mark: str, words: str = "¿Me mandan el comprobante?") -> None:
    control(
        "POST",
        "/facebook/messages",
        {"as": "Jhon Fredy Cárdenas", "page": "frailejon", "text": f"{words} {mark}"},
    )


def open_to_write(page, mark: str) -> None:
    open_case_of(page, mark)
    # It counts: so it listens.
    expect(page.locator(".meter output")).to_contain_text("/")


def give(page, *files: tuple[str, str, bytes]) -> None:
    page.locator(".attach input[type=file]").set_input_files(
        [{"name": name, "mimeType": mime, "buffer": body} for name, mime, body in files]
    )


def test_picture_and_document_reach_the_customer_in_messenger(console, control, mark):
    page = console()
    write_on_messenger(control, mark)
    open_to_write(page, mark)
    text = page.locator("#composer-text")
    with page.expect_file_chooser() as asked:
        text.press("Control+o")
    asked.value.set_files([{"name": "comprobante.png", "mimeType": "image/png", "buffer": png(width=20)}])
    lines = page.locator(".attached [data-id]")
    expect(lines).to_have_count(1)
    give(page, ("extracto.pdf", "application/pdf", PDF), ("juego.exe", "image/png", b"MZ\x90\0"))
    expect(lines).to_have_count(2)
    expect(page.locator(".attach-said")).to_contain_text("«juego.exe» no se puede enviar")
    expect(page.locator(".attach-hint:visible")).to_contain_text("hasta 5 archivos")
    page.locator("[name^=alt-]").fill("Comprobante por $200.000")
    text.fill(f"Aquí están los dos. {mark}")

    # A reload loses neither words nor files nor what they show.
    page.reload()
    expect(lines).to_have_count(2)
    expect(page.locator("[name^=alt-]")).to_have_value("Comprobante por $200.000")
    expect(text).to_have_value(f"Aquí están los dos. {mark}")
    text.press("Control+Enter")

    ours = page.locator("#msgs .msg-ours")
    expect(ours.locator("img[alt='Comprobante por $200.000']")).to_be_visible()
    expect(ours.locator("a.file", has_text="extracto.pdf")).to_be_visible()
    expect(lines).to_have_count(0)

    def received():
        said = control("GET", "/messages?page=frailejon&from_page=1&source=api")["messages"]
        at = next((n for n, one in enumerate(said) if mark in one["text"]), 0)
        return said[at - 2 : at] if at >= 2 else []

    document, picture = eventually(received, 30)
    assert [one["attachments"][0]["type"] for one in (picture, document)] == ["image", "file"]
    assert requests.get(picture["attachments"][0]["payload"]["url"], timeout=10).content == png(width=20)
    assert requests.get(document["attachments"][0]["payload"]["url"], timeout=10).content == PDF
    expect(ours.filter(has=page.locator(".picture")).last).to_have_attribute(
        "data-state", "sent", timeout=30_000
    )


def test_pictures_are_pasted_dropped_and_taken_out_again(console, control, mark):
    page = console()
    write_on_messenger(control, mark, "Se me dañó la pantalla")
    open_to_write(page, mark)
    text, lines = page.locator("#composer-text"), page.locator(".attached [data-id]")
    for how, count in (("paste", 1), ("drop", 2)):
        page.evaluate(PASTE, [text.element_handle(), list(png(width=10 + count)), how])
        expect(lines).to_have_count(count)

    page.get_by_role("button", name="Quitar pegada.png").first.press("Enter")
    expect(lines).to_have_count(1)
    page.reload()
    expect(lines).to_have_count(1)

    # A note takes nothing along, and loses nothing.
    page.locator(".modes label", has_text="Nota").click()
    expect(lines.first).to_be_hidden()
    text.fill(f"Mirar la pantalla {mark}")
    text.press("Control+Enter")
    expect(page.locator("#msgs .msg-note", has_text="Mirar la pantalla")).to_be_visible()
    page.locator(".modes label", has_text="Privada").click()
    expect(lines).to_have_count(1)
    expect(lines.first).to_be_visible()


def test_picture_by_direct_message_is_seen_by_the_customer_in_the_sandbox(
    console, control, house, mark, stranger
):
    page = console()
    control(
        "POST", "/x/dms", {"as": stranger, "to": "FrailejonAyuda", "text": f"¿Dónde está el botón? {mark}"}
    )
    open_to_write(page, mark)
    give(page, ("captura.png", "image/png", png(width=31)), ("guía.pdf", "application/pdf", PDF))
    lines = page.locator(".attached [data-id]")
    expect(lines.nth(1)).to_have_attribute("data-bad", "")
    expect(lines.nth(1)).to_contain_text("No va por aquí")
    page.locator("[name^=alt-]").fill(f"El botón, arriba a la derecha {mark}")
    text = page.locator("#composer-text")
    text.fill(f"Está arriba a la derecha. {mark}")

    # Sent all the same, it comes back whole, with why.
    text.press("Control+Enter")
    expect(page.locator("#composer-findings")).to_contain_text("Por aquí no va «guía.pdf»")
    expect(lines).to_have_count(2)
    page.get_by_role("button", name="Quitar guía.pdf").click()
    expect(lines).to_have_count(1)
    page.locator("#composer-text").press("Control+Enter")
    expect(page.locator("#msgs .msg-ours .picture img")).to_be_visible()

    eventually(lambda: [one for one in control("GET", "/dms?source=api")["dms"] if mark in one["text"]], 30)
    page.goto(f"{house['SANDBOX_URL']}/")
    page.get_by_role("link", name="Mensajes").click()
    expect(page.locator(f"img.shot[alt='El botón, arriba a la derecha {mark}']").first).to_be_visible()


def test_picture_that_is_too_heavy_or_of_another_kind_is_made_to_fit(console, control, mark, stranger):
    page = console()
    control("POST", "/x/posts", {"as": stranger, "text": f"@FrailejonAyuda la app se ve rara {mark}"})
    open_to_write(page, mark)
    rows = b"".join(b"\0" + os.urandom(2600) for _row in range(2300))
    head = struct.pack(">IIBBBBB", 2600, 2300, 8, 0, 0, 0, 0)
    photo = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows, 0))
        + chunk(b"IEND", b"")
    )
    give(page, ("foto.del.celular.png", "image/png", photo))
    lines = page.locator(".attached [data-id]")
    expect(lines).to_have_count(1, timeout=30_000)
    page.evaluate(PASTE_WEBP)
    expect(lines).to_have_count(2)

    for line, name in zip(lines.all(), ("foto.del.celular.jpg", "pegada.jpg"), strict=True):
        expect(line).to_contain_text(name)
        expect(line).to_have_attribute("data-type", "image/jpeg")
        assert line.get_attribute("data-bad") is None


def test_composer_with_files_is_read_by_a_machine(console, control, mark):
    from axe_playwright_python.sync_playwright import Axe

    page = console()
    write_on_messenger(control, mark, "¿Y el extracto?")
    open_to_write(page, mark)
    give(page, ("foto.png", "image/png", png()))
    expect(page.locator(".attached [data-id]")).to_have_count(1)

    found = Axe().run(page, context="#composer").response["violations"]

    assert [one["id"] for one in found] == []
