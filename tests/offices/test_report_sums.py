"""Days are summed once they are over, in the market's zone; again if something changed late; never twice."""

import random
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.flows import record
from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.models import Claim, Decision
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.offices.reports.event_kinds import ReportEvent
from mypolis.offices.reports.jobs import sum_days
from mypolis.offices.reports.models import ReportDay, ReportProgress
from mypolis.offices.reports.sums import catching_up
from mypolis.offices.reports.sums.ages import ages_of_open_claims
from mypolis.offices.reports.sums.catching_up import catch_up
from mypolis.offices.reports.sums.histogram import percentile, together
from mypolis.offices.reports.sums.small_groups import LEAST, grouped
from mypolis.offices.reports.sums.summing import sum_day, sum_month
from tests.offices.report_world import ID, appealed, at, claim, cover, day, decided, paid, stored
from tests.offices.threads import at_once

pytestmark = pytest.mark.django_db


def test_nothing_happened_and_nothing_is_summed_but_zeros() -> None:
    sum_day(profile=ID, day=day())
    assert stored("turnaround") == stored("rates") == stored("spend") == {}
    assert stored("funnel") == {"": {"invited": 0, "registered": 0, "signed_in": 0}}


def test_claims_of_other_days_and_markets_are_not_in_it() -> None:
    decided(claim(cover()), on=day(9))
    other = claim(cover(1))
    decided(other)
    Claim.objects.filter(pk=other.pk).update(market="rs")
    sum_day(profile=ID, day=day())
    assert stored("turnaround") == {}


def test_a_day_begins_at_midnight_in_the_market() -> None:
    one = decided(claim(cover()))
    Decision.objects.filter(pk=one.pk).update(at=at(day(), hour=0))
    two = decided(claim(cover(1)))
    Decision.objects.filter(pk=two.pk).update(at=at(day(), hour=0) - timedelta(seconds=1))
    sum_day(profile=ID, day=day())
    assert stored("turnaround") == {"doctor": {"days": {"7": 1}}}


def test_a_decision_counts_once_and_what_replaces_it_with_the_difference() -> None:
    made = claim(cover())
    decided(made, on=day(8), granted="100")
    decided(made, granted="40")
    for number in (8, 10):
        sum_day(profile=ID, day=day(number))
    assert stored("spend", day(8)) == {"doctor": {"IDR": {"granted": "100.00"}}}
    assert stored("spend") == {"doctor": {"IDR": {"granted": "-60.00"}}}
    assert stored("rates") == {"doctor": {"reopened": 1, "won": 0}}
    assert stored("turnaround") == {}


@pytest.mark.parametrize(("granted", "won"), [("150", 1), ("100", 0), ("50", 0)])
def test_an_appeal_is_won_if_more_is_granted(granted: str, won: int) -> None:
    made = claim(cover())
    appealed(decided(made, on=day(5)), on=day(7))
    decided(made, granted=granted)
    for number in (7, 10):
        sum_day(profile=ID, day=day(number))
    assert stored("rates", day(7)) == {"doctor": {"appeals": 1}}
    assert stored("rates") == {"doctor": {"answered": 1, "won": won}}


def test_money_counts_on_the_day_of_the_bank() -> None:
    paid(decided(claim(cover()), on=day(8)), on=day())
    sum_day(profile=ID, day=day())
    assert stored("spend") == {"doctor": {"IDR": {"paid": "100.00"}}}


def test_registrations_are_counted_without_who_they_were() -> None:
    record(AccountEvent.ACCOUNT_SIGNED_IN, market="id", by=SYSTEM)
    today = ID.today()
    sum_day(profile=ID, day=today)
    assert stored("funnel", today) == {"": {"invited": 0, "registered": 0, "signed_in": 1}}


def test_summing_again_changes_nothing() -> None:
    decided(claim(cover()))
    sum_day(profile=ID, day=day())
    before = list(ReportDay.objects.order_by("kind", "key").values_list("kind", "day", "key", "numbers"))
    sum_day(profile=ID, day=day())
    assert list(ReportDay.objects.order_by("kind", "key").values_list("kind", "day", "key", "numbers")) == before


@pytest.mark.django_db(transaction=True)
def test_two_workers_sum_a_day_one_after_the_other() -> None:
    decided(claim(cover()))
    at_once(*[lambda: sum_day(profile=ID, day=day())] * 2)
    assert stored("rates") == {"doctor": {"partly_approved": 1}}
    assert Event.objects.filter(kind=ReportEvent.REPORT_SUMMED).count() == 2


def test_the_job_sums_every_day_up_to_yesterday() -> None:
    decided(claim(cover()))
    sum_days(0)
    assert stored("rates") == {"doctor": {"partly_approved": 1}}
    yesterday = timezone.localdate(timezone.now(), ID.zone) - timedelta(days=1)
    assert ReportProgress.objects.get(market="id").through == yesterday
    counted = Event.objects.filter(kind=ReportEvent.REPORT_SUMMED).count()
    sum_days(0)
    assert Event.objects.filter(kind=ReportEvent.REPORT_SUMMED).count() == counted, "all is summed already"


def test_days_that_were_missed_are_summed_later() -> None:
    sum_day(profile=ID, day=day(5))
    decided(claim(cover()))
    done = catch_up(ID, at(day(12)))
    assert done == [day(number) for number in range(6, 12)]
    assert stored("rates") == {"doctor": {"partly_approved": 1}}


def test_a_run_that_was_interrupted_goes_on_where_it_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    sum_day(profile=ID, day=day(5))

    def breaks(*, profile: Any, day: Any) -> None:
        if day.day == 8:
            raise ConnectionError
        sum_day(profile=profile, day=day)

    monkeypatch.setattr(catching_up, "sum_day", breaks)
    with pytest.raises(ConnectionError):
        catch_up(ID, at(day(12)))
    monkeypatch.setattr(catching_up, "sum_day", sum_day)
    assert ReportProgress.objects.get().through == day(7)
    assert catch_up(ID, at(day(12)))[0] == day(8)


def test_a_decision_that_is_known_late_is_added_to_its_day() -> None:
    catch_up(ID, at(day(20)))
    ReportProgress.objects.update(read_up_to=at(day(20)))
    late = claim(cover())
    decided(late, recorded_at=at(day(20), hour=15))
    Claim.objects.filter(pk=late.pk).update(touched_at=at(day(20), hour=15))
    assert catch_up(ID, at(day(21))) == [day(), day(20)]
    assert stored("rates") == {"doctor": {"partly_approved": 1}}


def test_a_payment_that_is_known_late_is_added_to_its_day() -> None:
    made = claim(cover())
    one = decided(made, on=day(4), recorded_at=at(day(4)))
    catch_up(ID, at(day(20)))
    ReportProgress.objects.update(read_up_to=at(day(20)))
    paid(one, on=day())
    Claim.objects.filter(pk=made.pk).update(touched_at=at(day(20), hour=15))
    assert catch_up(ID, at(day(21))) == [day(), day(20)]
    assert stored("spend") == {"doctor": {"IDR": {"paid": "100.00"}}}


def test_a_month_counts_people_not_claims() -> None:
    held = cover()
    for number in range(6):
        decided(claim(held), on=day(number + 5))
    appealed(decided(claim(cover(1))))
    sum_month(profile=ID, day=day())
    assert stored("people_month", day(1)) == {"doctor": {"first": 2, "decided": 2, "appealed": 1}}


def test_a_month_sums_its_days() -> None:
    paid(decided(claim(cover()), on=day(8)), on=day(9))
    decided(claim(cover(1)), on=day(9), granted="50")
    for number in (8, 9):
        sum_day(profile=ID, day=day(number))
    sum_month(profile=ID, day=day())
    assert stored("spend_month", day(1)) == {"IDR": {"granted": "150.00", "paid": "100.00"}}


def test_ages_are_kept_once_because_they_cannot_be_repeated() -> None:
    now = timezone.now()
    sent = claim(cover(), state="in_review")
    Claim.objects.filter(pk=sent.pk).update(sent_at=now - timedelta(days=9))
    yesterday = timezone.localdate(now, ID.zone) - timedelta(days=1)
    catch_up(ID, now)
    assert stored("ages", yesterday) == {"in_review": {"14": 1}}
    Claim.objects.filter(pk=sent.pk).update(state="withdrawn")
    assert ages_of_open_claims(ID) == {}
    ReportProgress.objects.all().delete()
    catch_up(ID, now)
    assert stored("ages", yesterday) == {"in_review": {"14": 1}}


def test_many_decisions_are_read_in_parts(django_assert_max_num_queries: Any) -> None:
    held = cover()
    for _one in range(40):
        decided(claim(held))
    with django_assert_max_num_queries(20):
        sum_day(profile=ID, day=day())
    assert stored("rates") == {"doctor": {"partly_approved": 40}}


@given(days=st.lists(st.integers(0, 400), max_size=80), percent=st.sampled_from([1, 50, 90, 100]))
def test_a_percentile_is_the_nearest_rank(days: list[int], percent: int) -> None:
    parts = [{str(one): 1} for one in days]
    random.Random(len(days)).shuffle(parts)
    found = percentile(together(parts), percent)
    assert found == (sorted(days)[-(-len(days) * percent // 100) - 1] if days else None)


PEOPLE = st.dictionaries(st.text(min_size=1, max_size=4), st.lists(st.integers(0, 12), min_size=1, max_size=2))


@given(people=PEOPLE)
def test_no_row_is_about_fewer_than_five_people_and_nobody_can_subtract(people: dict[str, list[int]]) -> None:
    groups = grouped(people)
    present = {key for key, numbers in people.items() if any(numbers)}
    assert {*groups.alone, *groups.together} == present
    for key in groups.alone:
        assert all(number >= LEAST for number in people[key] if number)
    if groups.together:
        enough = [key for key in groups.together if all(number >= LEAST for number in people[key] if number)]
        assert groups.is_hidden == (not enough)
        assert len(groups.together) > 1 or groups.is_hidden
