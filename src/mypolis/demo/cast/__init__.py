"""The invented people of the built-in markets, and what is special about each."""

from datetime import date

from mypolis.demo.cast import indonesia, russia, serbia
from mypolis.demo.cast.member import Member

__all__ = ["EMPLOYERS", "Member", "members", "more_policies"]

EMPLOYERS = serbia.EMPLOYERS | indonesia.EMPLOYERS | russia.EMPLOYERS

_MARKETS = {"rs": serbia.members, "id": indonesia.members, "ru": russia.members}


def members(market: str, today: date) -> list[Member]:
    """A market's sample people, ordinary ones first; empty for a market that the demo does not know."""
    build = _MARKETS.get(market)
    return build(today) if build else []


def more_policies(people: list[Member]) -> list[Member]:
    """Additional policies of some of these people, beyond health insurance."""
    return [more for member in people if member.market == "rs" for more in serbia.more_policies(member)]
