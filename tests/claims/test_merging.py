"""Two devices on one draft: nothing is lost silently."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from mypolis.insurance.claims.drafts.merging import merge

VALUES = st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["", "one", "two", "three"]))


def test_a_field_that_the_other_device_left_alone_is_taken() -> None:
    merged = merge(base={"a": "one", "b": "one"}, saved={"a": "one", "b": "two"}, typed={"a": "three", "b": "one"})
    assert (merged.values, merged.conflicts) == ({"a": "three"}, ())


def test_a_field_that_both_changed_is_asked_about() -> None:
    merged = merge(base={"a": "one"}, saved={"a": "two"}, typed={"a": "three"})
    assert (merged.values, merged.conflicts) == ({}, ("a",))


def test_the_same_change_on_both_devices_is_no_conflict() -> None:
    merged = merge(base={"a": "one"}, saved={"a": "two"}, typed={"a": "two"})
    assert (merged.values, merged.conflicts) == ({}, ())


@given(base=VALUES, saved=VALUES, typed=VALUES)
def test_every_typed_change_is_taken_or_asked_about(
    base: dict[str, Any], saved: dict[str, Any], typed: dict[str, Any]
) -> None:
    merged = merge(base=base, saved=saved, typed=typed)
    for name, value in typed.items():
        changed = value not in (base.get(name), saved.get(name))
        assert changed == (name in merged.values or name in merged.conflicts)
        if name in merged.values:
            assert merged.values[name] == value
            assert saved.get(name) == base.get(name)


@given(saved=VALUES, typed=VALUES)
def test_with_one_device_everything_typed_is_saved(saved: dict[str, Any], typed: dict[str, Any]) -> None:
    merged = merge(base=saved, saved=saved, typed=typed)
    assert merged.conflicts == ()
    assert {**saved, **merged.values} == {**saved, **typed}
