"""Consents are append-only: the database itself refuses changes."""

from collections.abc import Callable

import pytest
from django.db import DatabaseError, connection, transaction

from mypolis.foundation.events import SYSTEM
from mypolis.membership.accounts.models import Account
from mypolis.membership.consents.flows import give, is_active, withdraw
from mypolis.membership.consents.models import Consent
from tests.cast import ANNA, on_file

pytestmark = pytest.mark.django_db


def execute(statement: str) -> None:
    """Run one statement without Django's models."""
    with connection.cursor() as cursor:
        cursor.execute(statement)


CHANGES: dict[str, Callable[[], object]] = {
    "update": lambda: Consent.objects.update(given=False),
    "delete": lambda: Consent.objects.all().delete(),
    "save": lambda: Consent.objects.get().save(),
    "raw update": lambda: execute("UPDATE consents_consent SET given = false"),
    "raw delete": lambda: execute("DELETE FROM consents_consent"),
}


@pytest.fixture
def anna() -> Account:
    """Anna, who agreed to the rules."""
    account = Account.objects.create(market="ru", person=on_file(ANNA), password_hash="x", language="ru")
    give(account=account, document_key="rules", language="ru", by=SYSTEM)
    return account


@pytest.mark.parametrize("how", CHANGES)
def test_no_line_can_be_changed_or_removed(anna: Account, how: str) -> None:
    before = Consent.objects.values().get()
    with pytest.raises(DatabaseError, match="consents_consent is append-only"), transaction.atomic():
        CHANGES[how]()
    assert Consent.objects.values().get() == before


def test_a_single_line_says_no_by_itself(anna: Account) -> None:
    with pytest.raises(TypeError, match="append-only"):
        Consent.objects.get().delete()


def test_a_consent_is_taken_back_by_one_more_line(anna: Account) -> None:
    assert is_active(anna, "rules")
    withdraw(account=anna, document_key="rules", language="ru", by=SYSTEM)
    assert not is_active(anna, "rules")
    assert Consent.objects.count() == 2


def test_the_table_can_still_be_emptied_as_a_whole_between_tests(anna: Account) -> None:
    execute("SET CONSTRAINTS ALL IMMEDIATE")
    execute("TRUNCATE consents_consent")
    assert not Consent.objects.exists()
