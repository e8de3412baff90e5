"""Creates what a demo needs before it can serve, if missing: tables, static files, sample people."""

from django.core.management import call_command
from django.db import connections

from mypolis.demo import database_mark
from mypolis.demo.seed import seed
from mypolis.foundation.web.assets import static_files


def prepare(database_url: str) -> None:
    """Create everything that is missing. Raises mark.ForeignDatabase."""
    database_mark.claim(database_url)
    call_command("migrate", interactive=False, verbosity=0)
    static_files.collect()
    seed()
    connections.close_all()
