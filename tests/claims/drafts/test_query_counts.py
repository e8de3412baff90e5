"""The number of queries of a draft's pages does not grow with its bills and files, or with the member's covers."""

from datetime import timedelta
from decimal import Decimal

import pytest

from mypolis.insurance.claims.drafts.flows import LineData
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership, Policy
from tests.claims.drafts.desk import Desk
from tests.claims.world import bill, changed, complete, draft, paper, reread, sent
from tests.test_query_counts import asked

PAGES = ("documents/", "bills/", "pay/", "review/")


def numbered(account: Account, count: int, amount: str = "10") -> list[LineData]:
    return [bill(account, amount, number=f"R-{number}") for number in range(count)]


def with_rows(account: Account, count: int) -> Claim:
    """A draft with so many bills and files, each of which another claim has, too."""
    old = changed(account, complete(account), lines=numbered(account, count))
    for number in range(count):
        paper(old, content=b"%d" % number)
    Desk(account).client.post(f"/id/claims/{old.pk}/review/")
    claim = changed(account, complete(account), lines=numbered(account, count))
    for number in range(count):
        paper(claim, content=b"%d" % number)
    return reread(claim)


def queries(desk: Desk, claim: Claim | None, part: str) -> int:
    with asked() as found:
        assert desk.open(claim, part).status_code == 200, part
    return len(found)


def test_pages_ask_no_more_for_many_bills_and_files(budi: Account) -> None:
    desk = Desk(budi)
    few, many = with_rows(budi, 2), with_rows(budi, 7)
    counts = [{part: queries(desk, claim, part) for part in PAGES} for claim in (few, many)]
    assert counts[1] == counts[0]
    assert max(counts[0].values()) <= 60, counts


def test_the_first_page_asks_no_more_for_many_covers(budi: Account) -> None:
    desk = Desk(budi)

    def add(numbers: range) -> None:
        for number in numbers:
            start = budi.profile.today() - timedelta(days=100)
            policy = Policy.objects.create(
                market="id", type="individual", number=f"M-{number}", number_key=f"M{number}", start=start
            )
            Membership.objects.create(policy=policy, person=budi.person, start=start, plan="gold")

    add(range(2))
    few = queries(desk, None, "new/")
    add(range(2, 9))
    assert queries(desk, None, "new/") == few


@pytest.mark.parametrize("what", ["new", "changed", "removed", "same case"])
def test_saving_asks_no_more_for_many_bills(budi: Account, what: str) -> None:
    earlier = sent(budi).pk if what == "same case" else None
    counts = []
    for count in (2, 9):
        claim = draft(budi)
        lines = [bill(budi, "10", same_case_as=earlier) for _number in range(count)]
        if what in ("changed", "removed"):
            claim = changed(budi, claim, lines=lines)
            rows = list(claim.lines.all())
            lines = [bill(budi, "20", id=row.pk) for row in rows] if what == "changed" else []
        with asked() as found:
            changed(budi, claim, lines=lines)
        counts.append(len(found))
        amounts = {line.amount for line in claim.lines.all()}
        assert amounts == {"new": {Decimal(10)}, "changed": {Decimal(20)}, "removed": set()}.get(what, {Decimal(10)})
    assert counts[1] == counts[0]
