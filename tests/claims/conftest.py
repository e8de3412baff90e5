from collections.abc import Iterator
from pathlib import Path

import pytest

from mypolis.membership.accounts.models import Account
from tests.cast import SITI
from tests.claims.world import member
from tests.files.conftest import folder

__all__ = ["folder"]


@pytest.fixture
def budi(db: None, folder: Path, tmp_path: Path) -> Iterator[Account]:
    """A member with the plan "gold" of the small book."""
    return member(folder=tmp_path)


@pytest.fixture
def siti(budi: Account) -> Account:
    """Another member on the same policy."""
    return member(SITI)
