"""Parts of addresses that mean something: `<market:market>` is the code of a market that is served here."""

from django.urls import register_converter

from mypolis.foundation.markets import all_markets


class MarketCode:
    """A served market's code; anything else is no such page."""

    regex = "[a-z]{2,8}"

    def to_python(self, value: str) -> str:
        """The code itself."""
        if value not in all_markets():
            raise ValueError("no such market")
        return value

    def to_url(self, value: str) -> str:
        """The code itself."""
        return value


def register() -> None:
    """Make `<market:…>` known; before any room's addresses are read."""
    register_converter(MarketCode, "market")
