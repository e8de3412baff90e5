"""The header of an upload's metadata, and names of files: whatever a client sends."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.membership.uploads.file_names import cleaned_name
from mypolis.membership.uploads.tus_metadata import MetadataError, parse_metadata

KEYS = st.from_regex(r"[a-zA-Z0-9_./-]{1,40}", fullmatch=True)
VALUES = st.text(max_size=40).filter(lambda text: text.isprintable())


@given(st.dictionaries(KEYS, VALUES, max_size=10))
def test_what_a_client_says_is_read(pairs: dict[str, str]) -> None:
    header = ",".join(f"{key} {base64.b64encode(value.encode()).decode()}" for key, value in pairs.items())
    assert parse_metadata(header) == pairs


@given(st.text(max_size=200))
def test_any_text_is_read_or_refused(header: str) -> None:
    try:
        found = parse_metadata(header)
    except MetadataError:
        return
    assert all(key.isascii() and " " not in key for key in found)


def test_a_value_that_cannot_be_stored_is_refused() -> None:
    with pytest.raises(MetadataError):
        parse_metadata("filename " + base64.b64encode(b"a\x00.jpg").decode())


def test_a_key_may_have_no_value() -> None:
    assert parse_metadata("is_confidential, filename YS5qcGc=") == {"is_confidential": "", "filename": "a.jpg"}


@given(st.text(max_size=400))
def test_a_cleaned_name_is_one_short_visible_line(name: str) -> None:
    cleaned = cleaned_name(name)
    assert len(cleaned) <= 120
    assert cleaned.isprintable()
    assert not set(cleaned) & set("/\\")
    assert cleaned_name(cleaned) == cleaned


@pytest.mark.parametrize(
    ("name", "cleaned"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\чек.jpg", "чек.jpg"),
        ("a\0.pdf", "a .pdf"),
        ("fdp\u202egnp.exe", "fdp gnp.exe"),
        ("x" * 300 + ".pdf", "x" * 99 + "…" + "x" * 16 + ".pdf"),
        ("", ""),
    ],
)
def test_names_that_devices_send(name: str, cleaned: str) -> None:
    assert cleaned_name(name) == cleaned
