"""The jobs of this room."""

from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market_codes
from mypolis.membership.roster.flows import invite_due


@app.periodic(cron="0 6 * * *")
@app.task(
    name="roster.invite_whoever_is_due",
    aliases=["mypolis.roster.tasks.invite_whoever_is_due"],
    queue="upkeep",
    queueing_lock="invite_due",
)
def invite_daily(timestamp: int) -> None:
    """Once a day, in the morning of the markets: invite those whose cover has begun since the last list."""
    for code in market_codes():
        invite_due(market=code, by=SYSTEM)
