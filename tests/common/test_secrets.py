from __future__ import annotations

import pytest
from cryptography.fernet import Fernet
from hypothesis import given, strategies as st

from shouwang.common.secrets import UnreadableError, is_sealed_with, seal, unseal

KEY, OLD, OTHER = "the-key-of-today", "the-key-of-last-year", "a-key-of-nobody"


@given(st.text(max_size=200), st.text(min_size=1, max_size=60))
def test_what_was_sealed_comes_back(text, key):
    key = key.encode(errors="replace").decode()
    text = text.encode(errors="replace").decode()
    assert unseal(seal(text, key), key) == text


def test_nothing_of_a_secret_can_be_read_where_it_lies():
    sealed = seal("a-secret-of-the-robot", KEY)
    assert "secret" not in sealed
    assert sealed.isascii()
    assert seal("a-secret-of-the-robot", KEY) != sealed


def test_an_old_key_still_opens_what_it_sealed():
    sealed = seal("密码", OLD)
    assert unseal(sealed, KEY, old_keys=[OTHER, OLD]) == "密码"
    assert not is_sealed_with(sealed, KEY)
    anew = seal(unseal(sealed, KEY, old_keys=[OLD]), KEY)
    assert is_sealed_with(anew, KEY)
    assert unseal(anew, KEY) == "密码"


def test_another_key_says_what_to_do_and_not_what_was_sealed():
    sealed = seal("a-secret-of-the-robot", KEY)
    with pytest.raises(UnreadableError) as failed:
        unseal(sealed, OTHER, old_keys=[OLD])
    assert "enter this secret again" in str(failed.value)
    assert "Nothing else was lost" in str(failed.value)
    assert "robot" not in repr(failed.value)
    assert KEY not in repr(failed.value)


@pytest.mark.parametrize("place", [0, 10, 40, -20, -1])
def test_one_changed_letter_is_noticed(place):
    letters = list(seal("密码", KEY))
    # The last letters of base64 may stand for the same bytes.
    letters[place] = "A" if letters[place] != "A" else "Q"
    with pytest.raises(UnreadableError):
        unseal("".join(letters), KEY)


@pytest.mark.parametrize("sealed", ["", "密码", "plain", "gAAAAA"])
def test_what_was_never_sealed_is_not_taken_for_a_secret(sealed):
    with pytest.raises(UnreadableError):
        unseal(sealed, KEY)


def test_the_key_itself_is_not_what_it_is_sealed_with():
    key = Fernet.generate_key().decode()
    with pytest.raises(UnreadableError):
        unseal(Fernet(key).encrypt("密码".encode()).decode(), key)


def test_without_a_key_nothing_is_sealed():
    with pytest.raises(ValueError, match="no key"):
        seal("密码", "")
