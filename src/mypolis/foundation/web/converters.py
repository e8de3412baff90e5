"""URL path converters: `<market:market>` matches the code of a market that is served here."""

from django.urls import register_converter

from mypolis.foundation.markets import all_markets


class MarketCode:
    """Matches the code of a served market; any other text leads to 404."""

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
    """Register `<market:…>`. Call this before any URL configuration is loaded."""
    register_converter(MarketCode, "market")
