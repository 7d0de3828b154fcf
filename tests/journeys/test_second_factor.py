"""The second factor as its user meets it: an authenticator application, a security key."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.journeys.conftest import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.live]
NURIA = "nuria@alisios.example"


def log_out_and_in(page, email: str) -> None:
    page.goto(page.url.split("/cuenta")[0] + "/cuenta/logout/")
    page.locator("main button[type=submit]").last.click()
    page.goto(page.url.split("/cuenta")[0].rstrip("/") + "/cuenta/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")


def test_code_of_an_application_is_asked_for_at_the_next_log_in(console, house):
    import time

    page = console("iker@alisios.example")
    page.goto(f"{house['BASE_URL']}/cuenta/2fa/totp/activate/")
    secret = re.search(r"[A-Z2-7]{32}", page.content()).group()

    def code() -> str:
        left = 30 - time.time() % 30
        if left < 8:  # it would be over before it arrives
            page.wait_for_timeout(1000 * left + 200)
        return format_hotp_value(hotp_value(secret, int(time.time()) // 30))

    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    expect(page).to_have_url(re.compile("2fa/(recovery|$)"))

    log_out_and_in(page, "iker@alisios.example")

    expect(page).to_have_url(re.compile("/cuenta/2fa/authenticate/"))
    page.wait_for_timeout(30_500 - int(time.time() * 1000) % 30_000)  # each code is good once
    page.fill("input[name=code]", code())
    page.press("input[name=code]", "Enter")
    page.wait_for_url("**/casos/**")


def test_security_key_opens_the_door(console, house):
    page = console(NURIA)
    chromium = page.context.new_cdp_session(page)
    chromium.send("WebAuthn.enable")
    chromium.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "usb", "hasResidentKey": False, "hasUserVerification": True,
                "isUserVerified": True, "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip
    page.goto(f"{house['BASE_URL']}/cuenta/2fa/webauthn/add/")
    page.fill("input[name=name]", "Llave de Nuria")
    page.click("#mfa_webauthn_add")
    expect(page).to_have_url(re.compile("2fa/recovery-codes/"))
    page.goto(f"{house['BASE_URL']}/cuenta/2fa/webauthn/")
    expect(page.locator("main")).to_contain_text("Llave de Nuria")

    log_out_and_in(page, NURIA)
    expect(page).to_have_url(re.compile("/cuenta/2fa/authenticate/"))
    page.click("#mfa_webauthn_authenticate")

    page.wait_for_url("**/casos/**")
