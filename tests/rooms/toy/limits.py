from datetime import timedelta

from mypolis.foundation.guards.limits import Limit

UMBRELLAS = Limit(name="umbrellas", most=3, window=timedelta(days=1), per_address=True, risky_from=2)
