"""What is sealed opens only here, whole, and still after the key was replaced."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpdesk.secrets.crypto import CannotOpen, Vault, vault

OLD, NEW = (base64.urlsafe_b64encode(bytes([n]) * 32).decode() for n in (1, 2))


@given(st.binary(max_size=300))
def test_vault_opens_what_it_sealed(data):
    assert Vault([OLD]).open(Vault([OLD]).seal(data)) == data


def test_vault_seals_text_and_never_twice_alike():
    box = Vault([OLD])
    first, second = box.seal("señal 😀"), box.seal("señal 😀")
    assert first != second
    assert box.open_text(memoryview(first)) == box.open_text(second) == "señal 😀"
    assert "señal".encode() not in first


def test_vault_opens_old_tokens_under_a_rotated_key():
    sealed = Vault([OLD]).seal(b"token")
    both = Vault([NEW, OLD])
    assert both.open(sealed) == b"token"
    assert not both.is_current(sealed)
    rotated = both.rotate(sealed)
    assert both.is_current(rotated)
    assert Vault([NEW]).open(rotated) == b"token"
    assert both.rotate(rotated) == rotated


def test_vault_refuses_a_key_it_no_longer_has():
    with pytest.raises(CannotOpen, match="no configured key"):
        Vault([NEW]).open(Vault([OLD]).seal(b"token"))


@pytest.mark.parametrize("position", [0, 1, 5, 17, 25, -1])
def test_vault_refuses_altered_bytes(position):
    sealed = bytearray(Vault([OLD]).seal(b"some longer content"))
    sealed[position] ^= 1
    with pytest.raises(CannotOpen):
        Vault([OLD]).open(bytes(sealed))


@pytest.mark.parametrize("bytes_", [b"", b"\x01", b"plain text, never sealed by anybody", b"\x01" * 20])
def test_vault_refuses_what_it_never_sealed(bytes_):
    with pytest.raises(CannotOpen):
        Vault([OLD]).open(bytes_)


@pytest.mark.parametrize("keys", [[], ["short"], [OLD, "not base64 at all, and not 32 bytes"], [OLD[:-4]]])
def test_vault_says_which_key_is_unusable_without_showing_it(keys):
    with pytest.raises(ValueError, match="ENCRYPTION_KEYS") as failure:
        Vault(keys)
    assert all(key not in str(failure.value) for key in keys)


def test_vault_follows_the_settings(settings):
    settings.ENCRYPTION_KEYS = [OLD]
    sealed = vault().seal(b"token")
    assert vault() is vault()
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    assert vault().open(sealed) == b"token"
    assert not vault().is_current(sealed)
