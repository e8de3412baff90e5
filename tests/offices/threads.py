"""Two things at once, each on a database connection of its own."""

from collections.abc import Callable
from threading import Thread
from typing import Any

from django.db import connection


def at_once(*acts: Callable[[], Any], but: type[Exception] = LookupError) -> list[object]:
    """What each act returned, or the exception of the type `but` that it raised."""
    came: list[object] = []

    def run(act: Callable[[], Any]) -> None:
        try:
            came.append(act())
        except but as error:
            came.append(error)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(came) == len(acts), "one of them failed otherwise"
    return came
