"""Addresses are compared in the form in which mail is sent; others are refused."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import mypolis
from mypolis.foundation.lib.email_addresses import EmailAddress, EmailAddressError, fold_email, read_email

# Some programs convert each of these to "posta.example", others do not.
LOOK_ALIKES = [
    *("postₐ.example", "ｐosta.example", "𝐩osta.example", "pоsta.example", "posta。example", "posta．example"),
    *("po\u017fta.example", "posta\u200d.example", "pos\u00adta.example", "posta.exampl\u1d49", "ⓟosta.example"),
    *("posta\ufe0f.example", "xn--posta-.example", "posta｡example", "posta.example。"),
]
AMBIGUOUS = ["straße.example", "faß.example", "βόλος.example", "İstanbul.example", "a\u200db.example", "ﬁnance.example"]
STRANGE = ["@posta.example", "anna", "anna@", "a b@posta.example", "a..b@posta.example", ".a@posta.example", "a.@b.rs"]
QUOTED = [
    '"anna"@posta.example',
    "anna(x)@posta.example",
    "ａnna@posta.example",
    "аnna@posta.example",
    "ann\u00e1@x.rs",
]
LONG = [f"{'a' * 65}@x.rs", f"a@{'b' * 64}.rs", "a@" + "b." * 140]
HOSTS = ["anna@localhost", "anna@[127.0.0.1]", "anna@10.0.0.1", "anna@posta.example.", "anna@-a.rs", "anna@a_b.rs"]

letters = st.sampled_from("abxnPßςσıİſₐ\u212aｐ。．.-0é\u0301\u200d\u00ad\u200bпр@")
domains = st.text(letters, min_size=1, max_size=12) | st.text(min_size=1, max_size=12)


def read(text: str) -> EmailAddress | None:
    try:
        return read_email(text)
    except EmailAddressError:
        return None


@pytest.mark.parametrize("domain", LOOK_ALIKES)
def test_a_look_alike_never_equals_the_domain_that_it_looks_like(domain: str) -> None:
    assert fold_email(f"anna@{domain}") != "anna@posta.example"
    assert read(f"anna@{domain}") is None


@pytest.mark.parametrize("domain", AMBIGUOUS)
def test_a_domain_that_programs_read_in_different_ways_is_refused(domain: str) -> None:
    with pytest.raises(EmailAddressError) as refused:
        read_email(f"anna@{domain}")
    assert refused.value.code == "ambiguous"
    assert domain not in str(refused.value)


@pytest.mark.parametrize("text", ["", *STRANGE, *QUOTED, *HOSTS, *LONG])
def test_what_mail_cannot_go_to_in_one_spelling_is_refused(text: str) -> None:
    assert read(text) is None
    assert fold_email(fold_email(text)) == fold_email(text)


@pytest.mark.parametrize(
    ("typed", "key"),
    [
        (" Jelena@Example.RS ", "jelena@example.rs"),
        ("IVAN@XN--E1AFMKFD.XN--P1AI", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("ivan@ПРИМЕР.РФ", "ivan@xn--e1afmkfd.xn--p1ai"),
        ("a\u200b@example.rs", "a@example.rs"),
        ("a.b+c@gmail.com", "a.b+c@gmail.com"),
        ("anna@xn--strae-oqa.de", "anna@xn--strae-oqa.de"),
        ("anna@r3---sn.example", "anna@r3---sn.example"),
    ],
)
def test_spellings_of_one_address_meet(typed: str, key: str) -> None:
    assert fold_email(typed) == key


def test_an_address_is_shown_in_its_own_letters_and_sent_in_ascii() -> None:
    address = read_email("Ivan.P@ПРИМЕР.рф")
    assert address.spelling == "Ivan.P@пример.рф"
    assert address.canonical == "ivan.p@пример.рф"
    assert address.wire == "Ivan.P@xn--e1afmkfd.xn--p1ai"
    assert read_email("anna@xn--strae-oqa.de").canonical == "anna@xn--strae-oqa.de", "its letters are ambiguous"


@given(domains, domains)
def test_equal_keys_mean_that_mail_goes_to_one_place(one: str, other: str) -> None:
    first, second = read(f"anna@{one}"), read(f"ANNA@{other}")
    if fold_email(f"anna@{one}") == fold_email(f"ANNA@{other}"):
        assert (first is None) == (second is None)
        if first is not None and second is not None:
            assert first.wire.lower() == second.wire.lower()
            assert first.canonical == second.canonical


@given(domains, st.text(st.characters(max_codepoint=0x7F), max_size=8))
def test_reading_is_idempotent_and_never_sends_elsewhere(domain: str, local: str) -> None:
    address = read(f"{local}@{domain}")
    if address is None:
        return
    for spelling in (address.key, address.wire, address.spelling, address.canonical):
        again = read_email(spelling)
        assert (again.key, again.canonical) == (address.key, address.canonical)
    assert address.wire.isascii()
    assert len(address.wire) <= 254


@given(st.text(max_size=40))
def test_what_is_no_address_has_a_key_that_no_address_has(text: str) -> None:
    key = fold_email(text)
    assert fold_email(key) == key
    assert (read(text) is None) == (read(key) is None)


def test_no_other_module_encodes_domains() -> None:
    """If two modules converted domains differently, mail would go to the wrong place."""
    folder = Path(mypolis.__file__).parent
    found = [path.name for path in folder.rglob("*.py") if "idna" in path.read_text()]
    assert found == ["email_addresses.py"]
