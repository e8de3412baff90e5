"""JSON from outside: an object that we can store unchanged, or a ValueError."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.lib.json_reader import read_object

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.text(), values, max_size=5))
def test_whatever_is_read_can_be_written_again(found: dict[str, object]) -> None:
    try:
        read = read_object(json.dumps(found).encode())
    except ValueError:
        return
    assert "\0" not in repr(read)
    assert read_object(json.dumps(read, ensure_ascii=False).encode()) == read


@given(st.binary(max_size=200))
def test_any_octets_are_an_object_or_a_value_error(body: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(read_object(body), dict)


@pytest.mark.parametrize(
    "body",
    [
        "", "[]", "1", "null", "{", '{"a": NaN}', '{"a": -Infinity}', '{"a": 1e999}', '{"a": 1, "a": 2}',
        '{"a": {"b": 1, "b": 1}}', '{"a": "\\ud800"}', '{"\\udfff": 1}', '{"a": "\\u0000"}', '{"a":' * 50_000,
        "[" * 50_000, '{"a": ' + "9" * 5_000 + "}",
    ],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_not_kept_is_refused(body: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any will do
        read_object(body)


def test_text_of_all_scripts_is_read() -> None:
    assert read_object('{"name": "Ђорђе 😀 \\ud83d\\ude00"}'.encode()) == {"name": "Ђорђе 😀 😀"}
