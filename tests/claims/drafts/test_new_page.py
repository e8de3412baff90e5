"""The first page: for whom, and what for."""

from datetime import timedelta
from uuid import uuid4

from mypolis.insurance.claims.limits import CLAIMS_STARTED
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.desk import Desk, ids_in
from tests.claims.world import bank_account, cover, draft, today


def test_a_stranger_is_sent_to_sign_in(budi: Account) -> None:
    desk = Desk(budi)
    desk.client.cookies.clear()
    assert desk.open(None, "new/")["location"] == "/id/signin/"


def test_nobody_begins_a_claim_for_a_stranger(budi: Account, siti: Account) -> None:
    desk = Desk(budi)
    assert desk.open(None, f"new/?for={cover(siti).pk}").status_code == 404
    assert desk.open(None, "new/?for=x").status_code == 404
    desk.open(None, "new/")
    assert desk.send(None, "new/", benefit="doctor", **{"for": cover(siti).pk}).status_code == 404
    assert not Claim.objects.exists()


def test_a_benefit_that_the_plan_does_not_have_is_chosen_again(budi: Account) -> None:
    desk = Desk(budi)
    desk.open(None, "new/")
    for benefit in ("massage", ""):
        desk.page = desk.send(None, "new/", benefit=benefit)
        assert desk.page.status_code == 422
        assert "Your plan does not include this any more" in desk.text
    assert not Claim.objects.exists()


def test_somebody_without_cover_reads_whom_to_call(budi: Account) -> None:
    cover_ = cover(budi)
    cover_.start = today(budi) + timedelta(days=1)
    cover_.save()
    desk = Desk(budi)
    assert desk.open(None, "new/").status_code == 200
    assert "You have no cover to claim for" in desk.text
    assert desk.send(None, "new/", benefit="doctor").status_code == 200
    assert not Claim.objects.exists()


def test_a_cover_without_a_known_plan_offers_the_phone(budi: Account) -> None:
    budi.person.memberships.update(plan="unknown")
    desk = Desk(budi)
    desk.open(None, "new/")
    assert "We cannot show the benefits of this cover yet" in desk.text
    assert "1500-000" in desk.text


def test_too_many_drafts_in_a_day_are_refused_kindly(budi: Account) -> None:
    for _time in range(CLAIMS_STARTED.most):
        draft(budi)
    desk = Desk(budi)
    desk.open(None, "new/")
    assert desk.send(None, "new/", benefit="doctor").status_code == 429


def test_one_cover_needs_no_choice_and_a_benefit_begins_the_draft(budi: Account) -> None:
    desk = Desk(budi)
    desk.open(None, "new/")
    assert "For whom" not in desk.page.content.decode()
    assert all(name in desk.text for name in ("Doctor", "Drugs", "Room", "At the doctor", "Teeth and eyes"))
    sent = desk.send(None, "new/", benefit="doctor")
    claim = Claim.objects.get()
    assert sent["location"] == f"/id/claims/{claim.pk}/documents/"
    assert (claim.account, claim.benefit, claim.membership) == (budi, "doctor", cover(budi))


def test_pressing_twice_begins_one_draft(budi: Account) -> None:
    desk = Desk(budi)
    desk.open(None, "new/")
    first, second = (desk.send(None, "new/", benefit="doctor") for _time in range(2))
    assert first["location"] == second["location"]
    assert Claim.objects.count() == 1


def test_the_id_of_somebody_elses_draft_is_not_taken(budi: Account, siti: Account) -> None:
    theirs = draft(siti)
    desk = Desk(budi)
    desk.open(None, "new/")
    sent = desk.send(None, "new/", benefit="doctor", draft=theirs.pk)
    assert ids_in(sent["location"]) != [theirs.pk]
    assert Claim.objects.get(pk=theirs.pk).account == siti


def test_without_an_id_a_draft_begins_too(budi: Account) -> None:
    desk = Desk(budi)
    desk.open(None, "new/")
    for odd in ("", "x", str(uuid4())):
        assert desk.send(None, "new/", benefit="doctor", draft=odd).status_code == 302
    assert Claim.objects.count() == 3


def test_the_saved_account_is_chosen_already(budi: Account) -> None:
    saved = bank_account(budi)
    assert draft(budi).pay_to == saved


def test_treatment_before_the_end_of_a_cover_can_be_claimed(budi: Account) -> None:
    last = today(budi) - timedelta(days=10)
    budi.person.memberships.update(end=last)
    desk = Desk(budi)
    desk.open(None, "new/")
    assert "This cover ended on" in desk.text
    assert desk.send(None, "new/", benefit="doctor").status_code == 302
