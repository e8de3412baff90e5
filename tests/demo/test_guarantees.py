"""The demo's guarantees: a clinic with a token, a letter and requests in each market, made once."""

from pathlib import Path

import pytest

from mypolis.demo.samples.guarantees import demo_token, seed_guarantees
from mypolis.demo.seed import seed
from mypolis.foundation.markets import all_markets
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeLetter
from mypolis.insurance.providers.flows import recognise
from tests.files.conftest import folder

__all__ = ["folder"]
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("folder")]


def test_each_market_has_a_letter_that_holds_and_requests_of_several_people(folder: Path) -> None:
    seed()
    for profile in all_markets().values():
        seed_guarantees(profile)
        rows = Guarantee.objects.filter(market=profile.code).order_by("number")
        assert sorted(one.state for one in rows) == ["asked", "asked", "asked", "asked", "given"], profile.code
        assert len({one.account for one in rows}) == 3, "so that acts on several can be tried out"
        (given,) = (one for one in rows if one.state == "given")
        assert given.stands
        assert given.promised > 0
        assert GuaranteeLetter.objects.filter(guarantee=given).count() == 1
        token = recognise(demo_token(profile.code), market=profile.code)
        assert token is not None
        assert token.provider == given.provider
