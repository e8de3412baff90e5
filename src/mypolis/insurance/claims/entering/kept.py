"""How long what a colleague left unfinished is kept. Loads no models, because the room declares it."""

from datetime import timedelta
from typing import Final

KEPT: Final = timedelta(days=7)
"""How long a claim stays, with its scans, that a colleague began to enter and left."""
