"""`mypolis check` compares the settings with what the markets' journeys need."""

from typing import Any

import pytest

from mypolis import checks
from mypolis.foundation.journeys.findings import lint_sms
from mypolis.foundation.markets import market


def findings(settings: Any, markets: tuple[str, ...], **changes: Any) -> list[str]:
    """Return the findings about SMS for these markets."""
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"mode": "production", **changes})
    return lint_sms([market(code) for code in markets])


@pytest.mark.parametrize("markets", [("ru",), ("rs",), ("rs", "id", "ru")])
def test_markets_that_prove_by_sms_need_a_gateway(settings: Any, markets: tuple[str, ...]) -> None:
    (told,) = findings(settings, markets, sms_url=None)
    assert told.startswith("MYPOLIS_SMS_URL: ")
    assert all(code in told for code in markets if code != "id")
    assert "id" not in told.removeprefix("MYPOLIS_SMS_URL: ").split(":")[0].split(", ")


def test_a_market_without_sms_needs_none(settings: Any) -> None:
    assert findings(settings, ("id",), sms_url=None) == []


def test_a_gateway_that_is_named_is_enough(settings: Any) -> None:
    assert findings(settings, ("ru",), sms_url="https://sms.example/send") == []


def test_the_demo_brings_its_own_gateway(settings: Any) -> None:
    assert findings(settings, ("ru",), sms_url=None, mode="demo") == []


def test_the_missing_gateway_stands_among_all_findings(settings: Any) -> None:
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"mode": "production", "sms_url": None})
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"brand_dir": None})
    assert any("MYPOLIS_SMS_URL" in finding for finding in checks.run())
