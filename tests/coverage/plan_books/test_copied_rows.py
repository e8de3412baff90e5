"""Rows that are written with COPY are the same as those of `bulk_create`."""

from decimal import Decimal
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction
from django.forms import model_to_dict
from pytest_django import DjangoAssertNumQueries

from mypolis.foundation.lib.postgres.copied_rows import copy_rows
from mypolis.insurance.coverage.ledger.arithmetic import Grant
from mypolis.insurance.coverage.ledger.entries import entry_of
from mypolis.insurance.coverage.models import Entry
from tests.coverage.books import loaded
from tests.coverage.members import ask, insured

pytestmark = pytest.mark.django_db


def entries(prefix: str, count: int) -> list[Entry]:
    budi = insured(prefix)
    granted = Grant(Decimal("1.50"), 2)
    wanted = ask(budi, "drugs", 3, case='a "quoted"\tcase\\N', count=2)
    return [
        entry_of(Entry.USE, budi, wanted, granted, external_id=f"{prefix}{number}", currency="IDR")
        for number in range(count)
    ]


def test_keys_and_values_are_those_of_bulk_create(tmp_path: Path) -> None:
    loaded(tmp_path)
    copied, created = entries("a", 3), entries("b", 3)
    copy_rows(copied)
    Entry.objects.bulk_create(created)
    assert len({entry.pk for entry in (*copied, *created)}) == 6
    own = {"id", "external_id", "membership", "recorded_at"}
    for row in copied:
        stored = model_to_dict(Entry.objects.get(pk=row.pk))
        assert stored == model_to_dict(row)
        assert {name: value for name, value in stored.items() if name not in own} == {
            name: value for name, value in model_to_dict(created[0]).items() if name not in own
        }
        assert not row._state.adding


def test_a_key_that_exists_is_refused_like_any_insert() -> None:
    copy_rows(entries("a", 1))
    with pytest.raises(IntegrityError), transaction.atomic():
        copy_rows(entries("a", 2))
    assert Entry.objects.count() == 1


def test_nothing_is_written_for_no_rows(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        copy_rows([])
    assert Entry.objects.count() == 0
