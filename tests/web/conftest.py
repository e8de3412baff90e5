from collections.abc import Iterator

import pytest
from django.db import connection


@pytest.fixture
def empty_queue(transactional_db: None) -> Iterator[None]:
    """Delete jobs and workers before and after, because Django does not clear tables that it does not manage."""
    _clear()
    yield
    _clear()


def _clear() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE procrastinate_jobs, procrastinate_workers, procrastinate_events, procrastinate_periodic_defers"
        )
