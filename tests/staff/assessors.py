"""The cast of the Indonesian desk. A module imports those whom its tests need, as fixtures."""

import pytest

from tests.staff.world import Colleague, colleague


@pytest.fixture
def rina(db: None) -> Colleague:
    """An assessor."""
    return colleague("Rina", "assessor", market="id")


@pytest.fixture
def agus(db: None) -> Colleague:
    """Another assessor."""
    return colleague("Agus", "assessor", market="id")


@pytest.fixture
def maya(db: None) -> Colleague:
    """A senior assessor."""
    return colleague("Maya", "senior-assessor", market="id")
