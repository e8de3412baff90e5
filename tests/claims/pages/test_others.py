"""Claims of children and of givers of mandates: who may open them, and what is recorded."""

from itertools import count

import pytest
from django.utils import timezone

from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import Mandate, Viewing
from mypolis.membership.people.models import Person
from tests.claims.pages.reading import Reader
from tests.family.giving import give_mandate
from tests.family.home import Asker, account, aged, insure, person, policy

pytestmark = pytest.mark.django_db
_numbers = count(1)


@pytest.fixture
def mira() -> Asker:
    """A mother who holds a policy."""
    who = person("Mira", aged(44))
    insure(who, policy(), "policyholder")
    return Asker(account(who))


@pytest.fixture
def goran() -> Asker:
    """An adult on another policy."""
    who = person("Goran", aged(46), surname="Babić")
    insure(who, policy("G-1"), "policyholder")
    return Asker(account(who))


def child(years: int = 9) -> Person:
    who = person("Luka", aged(years))
    insure(who, policy(), "child")
    return who


def claim_about(who: Person, *, made_by: Account | None = None, basis: Mandate | None = None) -> Claim:
    """A claim in review, with a provider that tells something."""
    now = timezone.now()
    return Claim.objects.create(
        market="rs",
        membership=who.memberships.get(),
        account=made_by,
        basis=basis.pk if basis is not None else None,
        number=f"C-2026-{next(_numbers):06}",
        state="in_review",
        provider="Dom zdravlja Vračar",
        sent_at=now,
        received_at=now,
    )


def viewings() -> list[tuple[str, str]]:
    return [(row.seen_as, row.what) for row in Viewing.objects.order_by("pk")]


def test_a_parent_opens_a_childs_claim_and_that_is_recorded(mira: Asker) -> None:
    luka, reader = child(), Reader(mira.account)
    claim = claim_about(luka)
    page = reader.read("/rs/claims/")
    assert claim.number in page
    assert "Luka" in page
    assert "Vračar" not in page
    assert reader.client.head(reader.address(claim)).status_code == 200
    assert viewings() == []
    assert "Vračar" in reader.read(reader.address(claim))
    assert viewings() == [("parent", "claims")]


def test_what_a_child_of_age_claims_is_not_found(mira: Asker) -> None:
    claim = claim_about(child(19))
    reader = Reader(mira.account)
    assert claim.number not in reader.read("/rs/claims/")
    for page in ("", "explanation/", "acknowledgement.pdf"):
        assert reader.get(reader.address(claim, page)).status_code == 404
    assert viewings() == []


def test_a_proxy_finds_only_what_they_made_under_the_mandate(mira: Asker, goran: Asker) -> None:
    key = give_mandate(mira, goran, scopes=["cover", "claims"])
    mandate = Mandate.objects.get(pk=key)
    mine = claim_about(mira.account.person, made_by=goran.account, basis=mandate)
    other = claim_about(mira.account.person, made_by=mira.account)
    reader = Reader(goran.account)
    page = reader.read("/rs/claims/")
    assert mine.number in page
    assert other.number not in page
    assert reader.get(reader.address(other)).status_code == 404
    reader.read(reader.address(mine))
    assert viewings() == [("proxy", "claims")]
    assert mine.number in Reader(mira.account).read("/rs/claims/")
    mandate.ended_at = timezone.now()
    mandate.save()
    assert reader.get(reader.address(mine)).status_code == 404


def test_the_list_is_narrowed_to_one_person(mira: Asker) -> None:
    luka, reader = child(), Reader(mira.account)
    own, his = claim_about(mira.account.person, made_by=mira.account), claim_about(luka)
    page = reader.read(f"/rs/claims/?whose={luka.pk}")
    assert his.number in page
    assert own.number not in page
    stranger = person("Olga", aged(30))
    assert own.number in reader.read(f"/rs/claims/?whose={stranger.pk}")


def test_one_claim_of_a_child_gives_no_way_to_change_it(mira: Asker) -> None:
    claim = claim_about(child())
    reader = Reader(mira.account)
    assert "Withdraw" not in reader.read(reader.address(claim))
    assert reader.post(reader.address(claim, "withdraw/")).status_code == 404
    assert reader.get(reader.address(claim, "withdraw/")).status_code == 409
