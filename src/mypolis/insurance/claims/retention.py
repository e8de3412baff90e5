"""How long this room keeps its data."""

from datetime import timedelta

from mypolis.foundation.rooms import Kept
from mypolis.insurance.claims.entering.kept import KEPT

PAYEES = Kept(
    "names and account numbers in payment runs, after the bank answered everything or the run was withdrawn",
    timedelta(days=180),
    "claims.forget_payees",
)
LEFT = Kept("claims that a colleague began to enter and left, with their scans", KEPT, "claims.lapse")
