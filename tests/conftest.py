from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import lru_cache
from math import inf

import pytest
from django.db import connection, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from pytest_django import DjangoDbBlocker

from mypolis.foundation.guards import refusals
from mypolis.foundation.switches import state
from mypolis.insurance.coverage.plan_books import book_file
from tests.clock import NOON, beginning_at, let_midnight_pass, stopped_at
from tests.doors import ApiDoor, Door, PageDoor
from tests.post import Post
from tests.template import template_database

# A busy machine must not fail a property test, so neither slow examples nor slow generation count as failures.
settings.register_profile("mypolis", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("mypolis")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """The database of each test process is a copy of one template."""
    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database()


@pytest.fixture(scope="session", autouse=True)
def parsed_books() -> Iterator[None]:
    """Parse each plan book once in each process: hundreds of tests load the same few. Nothing changes a parsed book."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(book_file, "parse_source", lru_cache(50)(book_file.parse_source))
        yield


@pytest.fixture(scope="module")
def module_rows(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """For fixtures whose rows remain for all tests of a module. Changes by a test are rolled back as usual."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def no_jobs_left(request: pytest.FixtureRequest, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Empty the queue after tests that commit, because Django does not clear tables that it does not manage."""
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = {"transactional_db", "live_server"} & set(request.fixturenames)
    if commits or (mark is not None and mark.kwargs.get("transaction")):
        with django_db_blocker.unblock(), connection.cursor() as cursor:
            cursor.execute(
                "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events,"
                " procrastinate_periodic_defers"
            )


@pytest.fixture(autouse=True)
def nothing_switched() -> None:
    """Nothing is switched when a test begins. A switch in the test is read at the next request."""
    state.remember({}, seconds=inf)


@pytest.fixture(autouse=True)
def refusals_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What limits refuse is written with each request, and nothing waits from another test."""
    monkeypatch.setattr(refusals, "EVERY_SECONDS", 0.0)
    monkeypatch.setattr(refusals, "_waiting", Counter())
    monkeypatch.setattr(refusals, "_write_at", 0.0)


@pytest.fixture(autouse=True)
def one_day() -> None:
    """No test begins so late that the day may end during the test."""
    let_midnight_pass()


@pytest.fixture
def at_noon() -> Iterator[None]:
    """The whole test runs at `tests.clock.NOON`, on the day `TODAY`."""
    with beginning_at(NOON):
        yield


@pytest.fixture
def still() -> Iterator[None]:
    """The clock is stopped now, for the whole test."""
    with stopped_at(datetime.now(UTC)):
        yield


@pytest.fixture
def post(db: None) -> Post:
    """The messages that were delivered."""
    return Post()


@pytest.fixture(params=[PageDoor, ApiDoor], ids=["page", "api"])
def door(request: pytest.FixtureRequest, client: Client, db: None) -> Door:
    """Both doors to every journey: the API and the pages."""
    return request.param(client)
