from collections.abc import Iterator
from pathlib import Path

import pytest

from mypolis.foundation.files import flows
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads import targets
from tests.family.home import Asker, account, aged, person
from tests.files.conftest import folder
from tests.uploads.shelf import target

__all__ = ["folder"]


def open_shelf(patch: pytest.MonkeyPatch) -> None:
    """Declare in this process what the room `tests.uploads.shelf` declares."""
    patch.setattr(flows, "owners", lambda: frozenset({"accounts.account"}))
    patch.setattr(targets, "extensions", lambda _point: [target.TARGET])


@pytest.fixture
def shelf(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Members can upload to their shelf."""
    open_shelf(monkeypatch)
    yield
    target.CAME.clear()
    target.CLOSED.clear()


@pytest.fixture
def mila(db: None, folder: Path, shelf: None) -> Account:
    """A member."""
    return account(person("Mila", aged(44)))


@pytest.fixture
def asker(mila: Account) -> Asker:
    """Mila's browser and her phone's app."""
    return Asker(mila)
