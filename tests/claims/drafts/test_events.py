"""Claims about a death or damage to a car: their pages do not speak of treatment, or of bills that nobody has."""

import pytest

from mypolis.insurance.claims.drafts import fields
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.desk import Desk
from tests.claims.pages.reading import Reader
from tests.claims.world import complete, draft, sent

ORIGINALS = "Keep the original receipts"


@pytest.fixture
def about_death(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every benefit pays a fixed sum for a death."""
    monkeypatch.setattr(fields, "insured_kind", lambda _type: "life")


@pytest.fixture
def about_cars(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every benefit pays for damage to a car."""
    monkeypatch.setattr(fields, "insured_kind", lambda _type: "car")


def test_a_claim_for_treatment_asks_what_was_paid_for(budi: Account) -> None:
    desk = Desk(budi)
    desk.open(None, "new/")
    assert "What did you pay for?" in desk.text
    desk.open(draft(budi), "bills/")
    assert "Treatment and bill" in desk.text
    desk.open(complete(budi), "review/")
    assert ORIGINALS in desk.text
    assert "Day of treatment" in Reader(budi).read(f"/id/claims/{sent(budi).pk}/")


@pytest.mark.usefixtures("about_death")
def test_after_a_death_nobody_is_asked_what_they_paid_for(budi: Account) -> None:
    desk, claim = Desk(budi), draft(budi)
    desk.open(None, "new/")
    assert "What is the claim about?" in desk.text
    assert "What did you pay for?" not in desk.text
    for part in ("bills/", "review/"):
        desk.open(claim, part)
        assert "What happened" in desk.text
        assert "Treatment" not in desk.text
        assert ORIGINALS not in desk.text


@pytest.mark.usefixtures("about_cars")
def test_damage_to_a_car_is_no_treatment_but_has_a_bill(budi: Account) -> None:
    desk, claim = Desk(budi), draft(budi)
    desk.open(claim, "bills/")
    assert "What happened, and the bill" in desk.text
    desk.open(claim, "review/")
    assert "Treatment" not in desk.text
    assert ORIGINALS in desk.text


def test_a_sent_claim_says_on_which_day_it_happened(budi: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    claim, reader = sent(budi), Reader(budi)
    monkeypatch.setattr(fields, "insured_kind", lambda _type: "car")
    page = reader.read(f"/id/claims/{claim.pk}/")
    assert "Day on which it happened" in page
    assert "Day of treatment" not in page
