"""The queue: by promise, age and amount, page by page, with the same work in a market of any size."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mypolis.insurance.claims.desk.queue import Order, Wanted, Whose, order_of, queue_page
from mypolis.insurance.claims.lifecycle.following import appeal
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.desk.acts import takes
from tests.claims.desk.staff import AGUS, OLGA, RINA, colleague
from tests.claims.verdicts import decided, questioned
from tests.claims.world import actor, bill, reread, sent

ONLOOKER = colleague(8, "Ina", "agent")


def numbers(account: Account, wanted: Wanted | None = None, size: int = 2) -> list[str]:
    """The numbers of all claims in the queue, read page by page."""
    found: list[str] = []
    after = ""
    while True:
        page = queue_page(account.profile, wanted or Wanted(), RINA, after=after, size=size)
        found += [row.number for row in page.rows]
        after = page.after
        if not after:
            return found


def several(account: Account) -> list[Claim]:
    """Five claims, the first with the latest promise and the smallest bill; the clock of the last one stands."""
    claims = [sent(account, bill(account, f"{10 + place}.00"), content=b"%d" % place) for place in range(5)]
    for place, claim in enumerate(claims[:4]):
        day = account.profile.today() + timedelta(days=9 - place)
        Claim.objects.filter(pk=claim.pk).update(promised_by=day)
    questioned(claims[4])
    return [reread(claim) for claim in claims]


def test_who_may_not_see_health_data_sees_no_benefit_and_cannot_filter_by_it(budi: Account) -> None:
    sent(budi)
    for benefit in ("", "teeth"):
        (row,) = queue_page(budi.profile, Wanted(benefit=benefit), ONLOOKER).rows
        assert row.benefit == ""
    assert queue_page(budi.profile, Wanted(benefit="teeth"), RINA).rows == []
    assert queue_page(budi.profile, Wanted(benefit="doctor"), RINA).rows[0].benefit == "doctor"
    assert not OLGA.roles & RINA.roles


def test_a_page_that_we_did_not_name_is_the_first(budi: Account) -> None:
    several(budi)
    first = queue_page(budi.profile, Wanted(), RINA, size=2)
    other = queue_page(budi.profile, Wanted(order="age"), RINA, size=2).after
    for after in ("x", "é", first.after + "x", other):
        assert queue_page(budi.profile, Wanted(), RINA, after=after, size=2).rows == first.rows
    assert order_of("benefit") == "promise"


def test_drafts_decided_claims_and_other_markets_are_not_in_it(budi: Account) -> None:
    decided(budi)
    claim = sent(budi, content=b"another")
    assert numbers(budi) == [claim.number]
    Claim.objects.filter(pk=claim.pk).update(market="rs")
    assert numbers(budi) == []


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9])
@pytest.mark.parametrize(
    ("order", "places"), [("promise", [3, 2, 1, 0, 4]), ("age", [0, 1, 2, 3, 4]), ("amount", [4, 3, 2, 1, 0])]
)
def test_every_claim_comes_once_in_every_order(budi: Account, order: Order, places: list[int], size: int) -> None:
    claims = several(budi)
    assert numbers(budi, Wanted(order=order), size) == [claims[place].number for place in places]


def test_claims_with_the_same_promise_and_without_one_sum_come_once(budi: Account) -> None:
    claims = several(budi)
    Claim.objects.update(promised_by=None, billed=None)
    expected = sorted(claim.number for claim in claims)
    assert numbers(budi) == numbers(budi, Wanted(order="amount")) == expected


def test_a_standing_clock_says_for_whom_it_waits(budi: Account) -> None:
    claim = questioned(sent(budi))
    (row,) = queue_page(budi.profile, Wanted(), RINA).rows
    assert (row.number, row.promised_by, row.waits_for) == (claim.number, None, "member")
    assert row.billed is not None
    assert (row.billed.amount, row.billed.currency) == (Decimal("150.00"), "IDR")


def test_filters_narrow_it(budi: Account) -> None:
    claims = several(budi)
    takes(RINA, claims[0])
    takes(AGUS, claims[1])
    mine: list[tuple[Whose, list[str]]] = [
        ("mine", [claims[0].number]),
        ("nobody", [claims[3].number, claims[2].number, claims[4].number]),
    ]
    for whose, expected in mine:
        assert numbers(budi, Wanted(whose=whose)) == expected
    assert numbers(budi, Wanted(state=State.WAITING)) == [claims[4].number]
    appealed = decided(budi)
    appeal(account=budi, claim=appealed.pk, text="Look again.", by=actor(budi))
    assert numbers(budi, Wanted(only_appeals=True)) == [appealed.number]


@pytest.fixture
def market(budi: Account) -> Account:
    """A market with 6,000 undecided claims; few of them are for teeth, under appeal, or wait for a second person."""
    claim = sent(budi)
    values = {
        "id": "gen_random_uuid()",
        "number": "'N' || n",
        "benefit": "CASE WHEN mod(n, 50) = 0 THEN 'teeth' ELSE 'doctor' END",
        "state": "CASE WHEN mod(n, 51) = 0 THEN 'second_review' ELSE 'received' END",
        "decided_at": "CASE WHEN mod(n, 52) = 0 THEN now() END",
        "promised_by": "current_date + mod(n, 97)",
        "sent_at": "now() - n * interval '1 minute'",
        "billed": "mod(n * 7919, 100003)",
    }
    columns = [field.column for field in Claim._meta.concrete_fields]
    chosen = ", ".join(values.get(column, column) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO claims_claim ({', '.join(columns)}) "
            f"SELECT {chosen} FROM claims_claim, generate_series(1, 6000) AS n WHERE id = %s",
            [claim.pk],
        )
        cursor.execute("ANALYZE claims_claim")
    takes(RINA, claim)
    return budi


def plans_of(account: Account, wanted: Wanted, after: str = "") -> tuple[str, str]:
    """How PostgreSQL reads a page, and the text that names the page after it."""
    with CaptureQueriesContext(connection) as captured:
        page = queue_page(account.profile, wanted, RINA, after=after)
    with connection.cursor() as cursor:
        lines = []
        for query in captured.captured_queries:
            cursor.execute(f"EXPLAIN {query['sql']}")
            lines += [row[0] for row in cursor.fetchall()]
    return "\n".join(lines), page.after


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (Wanted(), "claim_desk_promise"),
        (Wanted(order="age"), "claim_desk_age"),
        (Wanted(order="amount"), "claim_desk_amount"),
        (Wanted(benefit="teeth"), "claim_desk_benefit"),
        (Wanted(only_appeals=True), "claim_desk_appeals"),
        (Wanted(state=State.SECOND_REVIEW), "claim_by_state"),
        (Wanted(whose="nobody"), "claim_desk_promise"),
    ],
)
def test_each_page_is_a_range_of_an_index_however_many_claims_there_are(
    market: Account, wanted: Wanted, index: str
) -> None:
    after = ""
    for _page in range(2):
        plan, after = plans_of(market, wanted, after)
        assert index in plan, plan
        assert "Seq Scan on claims_claim " not in plan, plan
        assert after, "there is another page"


def test_without_any_appeal_the_filter_of_appeals_does_not_walk_through_all_claims(market: Account) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE claims_claim SET decided_at = NULL, promised_by = NULL WHERE number LIKE 'N%'")
        decided = "right(number, 1) < '7' AND number LIKE 'N%'"
        cursor.execute(f"UPDATE claims_claim SET state = 'paid', decided_at = now() WHERE {decided}")
        cursor.execute("ANALYZE claims_claim")
    plan, after = plans_of(market, Wanted(only_appeals=True))
    assert (plan.count("claim_desk_appeals"), after) == (2, ""), plan


def test_ones_own_claims_are_found_by_their_holder(market: Account) -> None:
    plan, _after = plans_of(market, Wanted(whose="mine"))
    assert "Seq Scan on claims_claim " not in plan, plan


def test_a_page_takes_two_queries_for_any_number_of_claims(budi: Account) -> None:
    several(budi)
    with CaptureQueriesContext(connection) as captured:
        queue_page(budi.profile, Wanted(), RINA)
    assert len(captured) <= 2
