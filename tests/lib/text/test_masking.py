"""What a masked value still shows."""

import pytest

from mypolis.foundation.lib.text.masking import mask_email, mask_tail, unbroken


@pytest.mark.parametrize(
    ("value", "shown"),
    [("1304005111059", "•••••••••1059"), ("12345", "•2345"), ("1234", "••••"), ("1", "•"), ("", "")],
)
def test_only_the_tail_is_shown_and_of_a_short_value_nothing(value: str, shown: str) -> None:
    assert mask_tail(value) == shown


def test_how_much_of_the_tail_is_shown_can_be_said() -> None:
    assert mask_tail("123456", keep=2) == "••••56"
    assert mask_tail("123456", keep=0) == "••••••"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("jelena@x.rs", "j•••@x.rs"),
        ("j@x.rs", "•••@x.rs"),
        ("@x.rs", "•••@x.rs"),
        ("nobody", "•••"),
        ("", "•••"),
    ],
)
def test_an_address_shows_its_first_letter_and_domain_but_never_all_of_its_name(address: str, shown: str) -> None:
    assert mask_email(address) == shown


def test_a_number_in_a_sentence_stays_on_one_line() -> None:
    assert unbroken("+7 ••• •••-••-67") == "+7\u00a0•••\u00a0•••\u2011••\u201167"
