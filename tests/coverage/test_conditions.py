"""The conditions of a benefit, as members read them."""

from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from mypolis.insurance.coverage.cover import BenefitCover, PolicyCover
from mypolis.insurance.coverage.pages.conditions import conditions_of
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.membership.people.models import Membership

TEXT = {"en": "Text"}
START = date(2026, 1, 1)


def paid_by_the_member(**terms: Any) -> list[str]:
    shown = {"name": TEXT, "explanation": TEXT, "what_to_do": TEXT}
    benefit = Benefit.model_validate({"key": "doctor", "type": "outpatient", **shown, **terms})
    plan = PlanDocument.model_validate(
        {
            **{"market": "rs", "product": "health", "product_name": TEXT, "key": "a", "name": TEXT},
            **{"explanation": TEXT, "currency": "EUR", "year": "calendar", "benefits": (benefit,), "limits": ()},
        }
    )
    cover = PolicyCover(Membership(), "active", START, START, None, plan, (), timezone.now())
    conditions = conditions_of(BenefitCover(benefit, (), None), cover)
    return [one.text.replace("\xa0", " ") for one in conditions if one.icon == "wallet"]


@pytest.mark.parametrize(("cap", "most"), [(None, "."), (40, ", but never more than EUR 40 a bill.")])
def test_after_an_excess_the_copayment_is_a_share_of_what_is_left(cap: int | None, most: str) -> None:
    copayment = {"percent": 20, "cap": cap}
    assert paid_by_the_member(copayment=copayment) == [f"20% of each bill{most}"]
    assert paid_by_the_member(copayment=copayment, excess={"amount": 50, "per": "year"}) == [
        "The first EUR 50 of a year.",
        f"Then 20% of what is left of each bill{most}",
    ]
