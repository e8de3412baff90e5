"""Which tests run in one worker."""

import pytest


@pytest.fixture(scope="module")
def shared() -> str:
    """Takes long to set up, one may think."""
    return "ready"


def test_tests_that_share_a_fixture_of_their_module_run_in_one_worker(
    shared: str, request: pytest.FixtureRequest
) -> None:
    group = request.node.get_closest_marker("xdist_group")
    assert group.args == (__name__,)


def test_other_tests_run_where_there_is_room(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("xdist_group") is None
