"""Tokens and codes: long enough, evenly distributed, and stored only as hashes."""

import hashlib
import re

from mypolis.foundation.lib.crypto.tokens import hash_token, new_code, new_token


def test_tokens_are_url_safe_long_and_never_alike() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(re.fullmatch(r"[A-Za-z0-9_-]{43}", token) for token in tokens)


def test_a_token_is_known_by_its_hash_alone() -> None:
    assert hash_token("token") == hashlib.sha256(b"token").digest()
    assert hash_token("token") != hash_token("Token")


def test_a_token_with_a_lone_surrogate_is_merely_unknown() -> None:
    assert len(hash_token("\ud800")) == 32


def test_codes_have_six_digits_leading_zeros_included_and_use_every_digit_everywhere() -> None:
    codes = [new_code() for _ in range(2000)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    assert all({code[place] for code in codes} == set("0123456789") for place in range(6))
    assert len(new_code(8)) == 8
