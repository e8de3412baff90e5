"""What the program that cleans says about a file: why it is refused, and traces of editing. Codes, without texts,
because that program needs no Django.
"""

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

type Trace = Literal["", "editor", "saved_later"]
"""A program for editing saved the picture last, or the picture says that it changed after it was taken."""

TRACES: tuple[Trace, ...] = get_args(Trace.__value__)
