"""An operator who enters claims."""

import pytest

from mypolis.membership.accounts.models import Account
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.world import bank_account


@pytest.fixture
def olga(budi: Account) -> Assessor:
    """An operator; Budi has a bank account."""
    bank_account(budi)
    return assessor("Olga", "operator")
