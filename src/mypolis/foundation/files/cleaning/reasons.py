"""The reasons why a file is refused: codes, without texts, because the program that cleans needs no Django."""

from typing import Literal, get_args

type Reason = Literal[
    "empty",
    "not_a_picture_or_pdf",
    "damaged",
    "encrypted_pdf",
    "too_many_pages",
    "too_many_pixels",
    "too_complex",
    "too_large",
    "infected",
    "unscannable",
    "not_checked",
]

REASONS: tuple[Reason, ...] = get_args(Reason.__value__)
