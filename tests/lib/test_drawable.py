"""Characters that no font has become a box in a document; all others stay unchanged."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.documents.font_coverage import BOX, drawable, is_plain
from mypolis.foundation.lib.documents.pdf import _can_draw, make_pdf

PLAIN = "Đorđe Žikić-Čović, Иван Ёлкин, Ђорђе Ћирић, № 7"


def only_plain(text: str) -> Any:
    return drawable(text, is_plain)


def test_our_own_font_has_every_plain_letter() -> None:
    plain = [chr(code) for code in range(0x500) if is_plain(chr(code))]
    assert len(plain) > 400
    assert [char for char in plain if not _can_draw(char)] == []


def test_plain_text_is_never_asked_about() -> None:
    assert drawable(PLAIN.replace("№ ", ""), lambda _cluster: pytest.fail("asked")) == PLAIN.replace("№ ", "")


def test_texts_are_found_wherever_they_are_and_numbers_stay() -> None:
    assert drawable({"a": ["王", ("b", 1)], "c": None}, is_plain) == {"a": [BOX, ["b", 1]], "c": None}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Plan 😀", f"Plan {BOX}"),
        ("👨‍👩‍👧 x", f"{BOX} x"),
        ("👍🏽!", f"{BOX}!"),
        ("a\x00b\x07c", f"a{BOX}b{BOX}c"),
        ("a\ud800b", f"a{BOX}b"),
        ("a\u202eb\u202c\u2066c\u2069", "abc"),
        ("x\u0489y", f"{BOX}y"),
    ],
)
def test_a_cluster_is_one_box_and_what_reorders_text_is_gone(text: str, shown: str) -> None:
    assert only_plain(text) == shown


@pytest.mark.parametrize(
    "text",
    ["王小明", "やまだ", "김철수", "สมชาย", "محمد", "דוד", "राम", "ირაკლი", "Արամ", "Γιώργος", "Nguyễn", "Җәмилә"],
)
def test_the_scripts_of_most_people_have_letters(text: str) -> None:
    assert drawable(text, _can_draw) == text


@given(text=st.text(max_size=12) | st.text(st.characters(categories=["Mn", "Mc", "Me", "Cf", "Co", "Cs", "Cc"])))
def test_no_text_whatever_stops_a_document(text: str) -> None:
    parts = [["Part", text]]
    pdf = make_pdf(
        "demo/pdf/paper.typ", {"title": "T", "insurer": text, "language": "en", "note": text, "parts": parts}
    )
    assert pdf.startswith(b"%PDF")
