"""The demo's reports have figures from the start."""

from datetime import timedelta

import pytest

from mypolis.foundation.markets import market
from mypolis.foundation.rooms import declared
from mypolis.offices.reports.models import ReportProgress

pytestmark = pytest.mark.django_db


def test_the_days_before_today_are_summed_when_the_demo_is_made_and_only_once() -> None:
    rs = market("rs")
    (fill,) = [one for one in declared("demo_data") if one.__name__ == "sum_sample_days"]
    for _time in range(2):
        fill(rs)
        assert ReportProgress.objects.get(market="rs").through == rs.today() - timedelta(days=1)
    assert not ReportProgress.objects.exclude(market="rs").exists()
