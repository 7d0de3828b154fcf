"""Log-in, passwords and second factor look and speak like the rest, in both languages."""

import re

import pytest
from django.urls import reverse

ENTRANCE = ["account_login", "account_reset_password", "account_reset_password_done"]
MANAGE = [
    "account_logout",
    "account_change_password",
    "account_email",
    "mfa_index",
    "mfa_activate_totp",
    "mfa_add_webauthn",
    "mfa_list_webauthn",
    "mfa_generate_recovery_codes",
]


def ours(answer) -> str:
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "css/app" in html
    assert not re.search(r"\sstyle=|<script>|\son\w+=", html)
    return html


@pytest.mark.parametrize("name", ENTRANCE)
@pytest.mark.parametrize("language", ["es", "en"])
def test_the_way_in_is_a_door(client, db, name, language):
    html = ours(client.get(reverse(name), headers={"accept-language": language}))
    assert 'class="door"' in html
    assert f'lang="{language}"' in html


@pytest.mark.parametrize("name", MANAGE)
@pytest.mark.parametrize("language", ["es", "en"])
def test_what_a_person_manages_of_themselves(cast, log_in, name, language):
    client = log_in(cast.juan)
    answer = client.get(reverse(name), headers={"accept-language": language})
    if answer.status_code == 302:  # asks first whether it is really them
        answer = client.get(answer.url, headers={"accept-language": language})
    html = ours(answer)
    assert f'lang="{language}"' in html


def test_a_wrong_password_is_said_beside_the_fields(client, cast):
    answer = client.post(
        reverse("account_login"),
        {"login": "juancarlos@frailejon.example", "password": "no es esta"},
        headers={"accept-language": "es"},
    )
    html = ours(answer)
    assert 'role="alert"' in html
    assert "contraseña" in html


def test_nobody_is_told_that_they_logged_in(cast, log_in):
    html = log_in(cast.juan).get(reverse("home"), follow=True).content.decode()
    assert 'class="toast"' not in html.split("<template")[0]


@pytest.mark.parametrize("page", ["403.html", "404.html", "500.html"])
def test_the_pages_of_a_bad_moment_need_nothing(page):
    from django.template.loader import render_to_string

    html = render_to_string(page)
    assert "<h1>" in html
    assert "<script" not in html
