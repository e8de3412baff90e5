"""Encrypted model fields: what the database stores, and which look-ups are refused."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from django.test.utils import isolate_apps

from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.encrypted import EncryptedJSONField, EncryptedTextField
from mypolis.foundation.lib.crypto.keyring import KeyRing, KeyRingError

RING = KeyRing("k1", {"k1": b"1" * 32})


@pytest.fixture(autouse=True)
def _ring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keyring, "current", lambda: RING)


@pytest.fixture
def diary() -> Iterator[type[models.Model]]:
    with isolate_apps():

        class Entry(models.Model):
            text = EncryptedTextField(blank=True)
            facts = EncryptedJSONField(null=True)
            renamed = EncryptedTextField(context="old.Name.column", default="")

            class Meta:
                app_label = "diary"

        yield Entry


def stored(model: type[models.Model], field: str, value: Any) -> Any:
    """Return what is written into the column."""
    column: Any = model._meta.get_field(field)
    saved = column.get_db_prep_save(value, connection)
    return bytes(saved) if saved is not None else None


def read(model: type[models.Model], field: str, value: Any) -> Any:
    """Return what the column's value gives when it is loaded."""
    column: Any = model._meta.get_field(field)
    return column.from_db_value(value, None, connection)


@pytest.mark.parametrize(
    "lookup", ["text", "text__exact", "text__icontains", "text__in", "text__gt", "text__length__gt"]
)
def test_looking_up_by_an_encrypted_value_is_refused_with_the_remedy(diary: Any, lookup: str) -> None:
    with pytest.raises(FieldError, match=r"diary\.Entry\.text is encrypted.*digest"):
        diary._base_manager.filter(**{lookup: ["x"] if lookup.endswith("in") else "x"})


def test_looking_into_encrypted_json_is_refused(diary: Any) -> None:
    with pytest.raises(FieldError, match="is encrypted"):
        diary._base_manager.filter(facts__name="x")


def test_missing_values_can_be_asked_for(diary: Any) -> None:
    assert '"facts" IS NULL' in str(diary._base_manager.filter(facts__isnull=True).query)


@pytest.mark.parametrize("option", ["unique", "primary_key", "db_index"])
def test_uniqueness_that_would_never_bite_is_refused(option: str) -> None:
    with pytest.raises(ValueError, match=option):
        EncryptedTextField(**cast("Any", {option: True}))


def test_a_value_copied_to_another_column_does_not_open(diary: Any) -> None:
    with pytest.raises(KeyRingError):
        read(diary, "renamed", stored(diary, "text", "x"))


def test_the_database_gets_no_plaintext_and_gives_it_back(diary: Any) -> None:
    sealed = stored(diary, "text", "тайна")
    assert "тайна".encode() not in sealed
    assert read(diary, "text", memoryview(sealed)) == "тайна"
    assert read(diary, "text", stored(diary, "text", "")) == ""


def test_text_that_no_database_text_column_takes_is_kept_as_it_was(diary: Any) -> None:
    assert read(diary, "text", stored(diary, "text", "\0\ud800")) == "\0\ud800"
    assert read(diary, "facts", stored(diary, "facts", {"x": "\0\ud800"})) == {"x": "\0\ud800"}


def test_none_stays_null(diary: Any) -> None:
    assert stored(diary, "facts", None) is None
    assert read(diary, "facts", None) is None


def test_json_takes_dates_and_decimals_as_text(diary: Any) -> None:
    sealed = stored(diary, "facts", {"born": date(1996, 2, 29), "sum": Decimal("1.50"), "ё": [1, None, True]})
    assert read(diary, "facts", sealed) == {"born": "1996-02-29", "sum": "1.50", "ё": [1, None, True]}


def test_the_column_is_bytea_and_its_context_is_its_place_or_the_given_one(diary: Any) -> None:
    text, renamed = diary._meta.get_field("text"), diary._meta.get_field("renamed")
    assert text.get_internal_type() == "BinaryField"
    assert text.context == "diary.Entry.text"
    assert renamed.context == "old.Name.column"


def test_migrations_hold_the_context_only_where_it_was_given(diary: Any) -> None:
    written, imports = MigrationWriter.serialize(diary._meta.get_field("text"))
    assert written == "mypolis.foundation.lib.crypto.encrypted.EncryptedTextField(blank=True)"
    assert imports == {"import mypolis.foundation.lib.crypto.encrypted"}
    written, _ = MigrationWriter.serialize(diary._meta.get_field("renamed"))
    assert (
        written == "mypolis.foundation.lib.crypto.encrypted.EncryptedTextField(context='old.Name.column', default='')"
    )


def test_each_heir_of_an_abstract_model_has_its_own_context() -> None:
    with isolate_apps():

        class Base(models.Model):
            text = EncryptedTextField()

            class Meta:
                app_label = "diary"
                abstract = True

        class Heir(Base):
            class Meta:
                app_label = "diary"

        assert Heir._meta.get_field("text").context == "diary.Heir.text"
