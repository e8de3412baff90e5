"""How a text is split into SMS."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.notices.sms.sms_length import is_gsm, pieces, segments

GSM = "abcXYZ 0123@£éàÄöñüΔΩ§¿{}[]~|€^\\\n"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("[" * 80, 1),
        ("[" * 81, 2),
        ("a" * 152 + "[" + "a" * 151, 2),  # the escaped character does not fit into the first
        ("a" * 152 + "[" + "a" * 152, 3),
        ("я" * 70, 1),
        ("я" * 71, 2),
        ("я" * 134, 2),
        ("я" * 135, 3),
        ("ž" + "a" * 69, 1),
        ("💊" * 35, 1),
        ("💊" * 36, 2),
        ("я" * 66 + "💊" + "я" * 65, 2),
        ("я" * 66 + "💊" + "я" * 66, 3),
    ],
)
def test_segments_are_counted_as_networks_count_them(text: str, count: int) -> None:
    assert segments(text) == count


@pytest.mark.parametrize("text", ["ж", "č", "`", "\x1b", "“", "ç"])
def test_one_sign_outside_the_alphabet_makes_all_of_it_ucs_2(text: str) -> None:
    assert not is_gsm(f"Polis {text}")


def test_signs_have_the_octets_of_the_standard() -> None:
    assert pieces("@ a_§à€{").parts == (bytes((0x00, 0x20, 0x61, 0x11, 0x5F, 0x7F, 0x1B, 0x65, 0x1B, 0x28)),)
    assert pieces("Я").parts == (b"\x04\x2f",)


@given(st.text(alphabet=st.sampled_from(GSM + "яž💊"), max_size=700))
def test_pieces_hold_the_whole_text_and_none_is_longer_than_an_sms(text: str) -> None:
    found = pieces(text)

    whole, each = (160, 153) if found.is_gsm else (140, 134)
    assert all(len(part) <= (whole if len(found.parts) == 1 else each) for part in found.parts)
    if not found.is_gsm:
        assert "".join(part.decode("utf-16-be") for part in found.parts) == text
    assert all(not part.endswith(b"\x1b") for part in found.parts if found.is_gsm)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=300))
def test_any_text_can_be_cut(text: str) -> None:
    assert segments(text) >= 1
