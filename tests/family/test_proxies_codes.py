"""Card codes that a proxy shows or prints are valid no longer than the mandate."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from mypolis.insurance.ecard.cards import card_of
from mypolis.insurance.ecard.counter.card_codes import Use
from mypolis.insurance.ecard.counter.proxy_codes import LONGEST
from mypolis.insurance.ecard.flows import Shown, show
from tests.ecard.holders import counter
from tests.family.giving import give_mandate
from tests.family.home import Asker, aged, insure, person, policy

pytestmark = pytest.mark.django_db
USES: list[Use] = ["now", "offline", "print"]
LIFE = {"now": timedelta(minutes=5), "offline": timedelta(hours=12), "print": LONGEST}


@pytest.fixture
def row(vera: Asker) -> str:
    """Vera's card, activated."""
    key = str(vera.account.person.memberships.get().pk)
    assert vera.post(f"cards/{key}/activate", {"accept_card": True}).status_code == 200
    return key


def shown(who: Asker, row: str, use: Use, *, of: Asker | None = None) -> Shown:
    seen = of.account.person.memberships.all() if of else None
    return show(card_of(who.account, row, seen), use=use)


def outcome(code: Shown | str) -> Any:
    answer = counter("rs", code if isinstance(code, str) else code.code)
    return answer.json()["outcome"] if answer.status_code == 200 else answer.json()["type"].rsplit("-", 1)[-1]


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("ends", ["giver", "proxy"])
def test_a_code_that_a_proxy_made_dies_with_the_mandate(
    vera: Asker, goran: Asker, row: str, use: Use, ends: str
) -> None:
    key = give_mandate(vera, goran)
    code, own = shown(goran, row, use, of=vera), shown(vera, row, use)
    assert (outcome(code), outcome(own)) == ("active", "active")

    assert (vera if ends == "giver" else goran).post(f"mandates/{key}/end").status_code == 204

    assert outcome(code) == "expired"
    assert outcome(own) == "active", "the member's own codes stay good"


@pytest.mark.parametrize("use", USES)
def test_it_dies_after_the_last_day_of_the_mandate_and_says_so_beforehand(
    vera: Asker, goran: Asker, row: str, use: Use
) -> None:
    last = vera.account.profile.today() + timedelta(days=3)
    give_mandate(vera, goran, until=last.isoformat())
    code = shown(goran, row, use, of=vera)
    assert code.expires_at == min(code.made_at + LIFE[use], code.expires_at)
    assert timezone.localtime(code.expires_at - timedelta(seconds=1), vera.account.profile.zone).date() <= last
    with time_machine.travel(code.expires_at - timedelta(seconds=1), tick=False):
        assert outcome(code) == "active"
    with time_machine.travel(code.expires_at + timedelta(seconds=1), tick=False):
        assert outcome(code) == "expired"


def test_on_paper_it_lives_shorter_than_the_member_s_own(vera: Asker, goran: Asker, row: str) -> None:
    give_mandate(vera, goran)
    code, own = shown(goran, row, "print", of=vera), shown(vera, row, "print")
    assert code.expires_at - code.made_at == LONGEST < own.expires_at - own.made_at
    with time_machine.travel(code.made_at + LONGEST + timedelta(minutes=1), tick=False):
        assert (outcome(code), outcome(own)) == ("expired", "active")


def test_a_mandate_given_again_revives_nothing(vera: Asker, goran: Asker, row: str) -> None:
    key = give_mandate(vera, goran)
    code = shown(goran, row, "print", of=vera)
    vera.post(f"mandates/{key}/end")
    give_mandate(vera, goran)
    assert outcome(code) == "expired"
    assert outcome(shown(goran, row, "print", of=vera)) == "active"


def test_a_card_that_was_replaced_kills_proxies_codes_too(vera: Asker, goran: Asker, row: str) -> None:
    give_mandate(vera, goran)
    code = shown(goran, row, "print", of=vera)
    assert vera.post(f"cards/{row}/reissue").status_code == 200
    assert outcome(code) == "replaced"


def test_the_page_the_api_and_the_pdf_give_a_proxy_its_own_codes(vera: Asker, goran: Asker, row: str) -> None:
    key = give_mandate(vera, goran)
    code = goran.get(f"cards/{row}/qr?use=offline").json()["url"].rsplit("/", 1)[1]
    assert outcome(code) == "active"
    vera.post(f"mandates/{key}/end")
    assert outcome(code) == "expired"


def test_a_parent_s_codes_of_a_child_s_card_are_the_card_s_own(vera: Asker) -> None:
    child = str(insure(person("Luka", aged(9)), policy("V-1"), "child").pk)
    assert vera.post(f"cards/{child}/activate", {"accept_card": True}).status_code == 200
    code = vera.get(f"cards/{child}/qr").json()["url"].rsplit("/", 1)[1]
    assert outcome(code) == "active"
