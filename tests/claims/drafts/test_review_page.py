"""The last pages of a draft: where to pay, everything at a glance, sending, and discarding."""

from datetime import timedelta
from pathlib import Path

import pytest

from mypolis.insurance.bank_accounts.flows import remove
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from tests.claims.drafts.desk import Desk
from tests.claims.world import actor, bank_account, bill, changed, complete, cover, draft, paper, reread, sent, today
from tests.coverage.books import GOLD, loaded


def ready_but_unpaid(account: Account) -> Claim:
    """A draft that lacks nothing but an account."""
    claim = draft(account)
    given = bill(account)
    changed(account, claim, treated_on=given.date, provider="Klinik", diagnosis="batuk", lines=[given])
    paper(claim)
    return reread(claim)


def test_what_is_missing_is_named_with_the_page_to_add_it(budi: Account) -> None:
    claim = draft(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    html = desk.page.content.decode()
    for text, part in (("Where you were treated", "bills/"), ("Receipt", "documents/"), ("account", "pay/")):
        assert text in desk.text
        assert f'href="/id/claims/{claim.pk}/{part}"' in html
    assert "Send the claim" not in desk.text
    desk.page = desk.send(claim, "review/")
    assert desk.page.status_code == 422
    assert reread(claim).number == ""


def test_a_claim_is_sent_once_however_often_the_button_is_pressed(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert all(text in desk.text for text in ("Klinik Melati", "batuk dan demam", "IDR 150", "working days"))
    for _time in range(2):
        assert desk.send(claim, "review/")["location"] == f"/id/claims/{claim.pk}/"
    assert reread(claim).changes.filter(after="submitted").count() == 1


def test_the_default_account_is_suggested(budi: Account) -> None:
    claim = ready_but_unpaid(budi)
    saved = bank_account(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert saved.shown in desk.text
    assert reread(claim).pay_to is None, "opening a page changes nothing"
    desk.send(claim, "review/")
    assert reread(claim).pay_to == saved


def test_somebody_elses_account_is_never_used(budi: Account, siti: Account) -> None:
    claim = ready_but_unpaid(budi)
    theirs = bank_account(siti)
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert theirs.shown not in desk.text
    sent = desk.send(claim, "review/", pay_to=theirs.pk)
    assert sent["location"] == f"/id/claims/{claim.pk}/pay/"
    assert (reread(claim).pay_to, reread(claim).is_draft) == (None, True)
    desk.open(claim, "pay/")
    desk.page = desk.send(claim, "pay/", pay_to=theirs.pk)
    assert desk.page.status_code == 422
    assert reread(claim).pay_to is None


def test_an_account_is_chosen_among_the_saved_ones(budi: Account) -> None:
    claim = draft(budi)
    desk = Desk(budi)
    desk.open(claim, "pay/")
    assert f"/id/bank-account/?return_to=draft%3A{claim.pk}" in desk.page.content.decode()
    first, second = bank_account(budi), bank_account(budi, "9876543210")
    desk.open(claim, "pay/")
    assert first.shown in desk.text
    assert second.shown in desk.text
    desk.page = desk.send(claim, "pay/")
    assert "Please choose an account" in desk.text
    assert desk.send(claim, "pay/", pay_to=second.pk)["location"] == f"/id/claims/{claim.pk}/review/"
    assert reread(claim).pay_to == second


def test_the_pages_are_counted_the_same_with_and_without_a_chosen_account(budi: Account) -> None:
    desk = Desk(budi)
    bank_account(budi)
    for claim in (draft(budi), complete(budi)):
        for number, part in enumerate(("documents/", "bills/", "review/"), start=1):
            desk.open(claim, part)
            assert f"Step {number} of 3" in desk.text, part
        desk.open(claim, "pay/")
        assert "Step" not in desk.text


def test_who_changes_the_account_goes_back_to_the_review(budi: Account) -> None:
    claim, desk = complete(budi), Desk(budi)
    assert f'class="back" href="/id/claims/{claim.pk}/review/"' in desk.open(claim, "pay/").content.decode()


def test_an_account_that_was_removed_meanwhile_is_missing(budi: Account) -> None:
    claim = complete(budi)
    remove(account=budi, key=bank_account(budi).pk, by=actor(budi))
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert "Choose the account to which we pay" in desk.text
    assert desk.send(claim, "review/").status_code == 422
    assert reread(claim).is_draft


def test_a_benefit_that_left_the_plan_is_named(budi: Account) -> None:
    claim = complete(budi)
    budi.person.memberships.update(plan="bare")
    Claim.objects.filter(pk=claim.pk).update(benefit="teeth")
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert "Choose what the claim is for" in desk.text
    assert desk.open(claim, "bills/")["location"] == f"/id/claims/{claim.pk}/review/"
    assert desk.open(claim, "documents/").status_code == 200


def test_discarding_asks_first_and_is_final(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "discard/")
    assert "Discard this draft?" in desk.text
    assert Claim.objects.count() == 1
    assert desk.send(claim, "discard/")["location"] == "/id/claims/"
    assert desk.send(claim, "discard/").status_code == 404
    assert Claim.objects.count() == 0


def test_mixed_currencies_are_shown_each_in_its_own(budi: Account) -> None:
    claim = complete(budi, "doctor", bill(budi, "150"), bill(budi, "20", currency="EUR"))
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert "IDR 150" in desk.text.replace("\xa0", " ")
    assert "EUR 20" in desk.text.replace("\xa0", " ")


def test_every_page_of_a_draft_is_read_in_every_language(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    for language in ("id", "en"):
        desk.client.defaults["HTTP_ACCEPT_LANGUAGE"] = language
        for part in ("documents/", "bills/", "pay/", "review/", "discard/"):
            assert desk.open(claim, part).status_code == 200
    assert cover(budi).person == budi.person
    assert today(budi)


def test_the_estimate_says_who_pays_what_and_why(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    text = desk.text.replace("\xa0", " ")
    assert "Paid by the plan IDR 120" in text
    assert "Paid by you IDR 30" in text
    assert "80" in text, "outside the network, a share is paid back"
    assert "pays IDR 120, or IDR 150 if the clinic or pharmacy belongs to your plan’s network" in text


def test_a_foreign_bill_is_not_estimated(budi: Account) -> None:
    claim = complete(budi, "doctor", bill(budi, "20", currency="EUR"))
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert "Bills with an open question are not in it yet" in desk.text
    assert "Paid by the plan" not in desk.text


def test_a_plan_that_changed_since_the_page_was_shown_is_shown_before_sending(budi: Account, tmp_path: Path) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    loaded(tmp_path, ((*GOLD, "benefits", "doctor", "reimbursement"), 50), (("effective",), "2021-01-01"))
    desk.page = desk.send(claim, "review/")
    assert desk.page.status_code == 409
    text = desk.text.replace("\xa0", " ")
    assert "the plan would pay IDR 75 instead of IDR 120" in text
    assert reread(claim).is_draft
    assert desk.send(claim, "review/").status_code == 302
    assert not reread(claim).is_draft


def test_a_limit_that_was_used_meanwhile_is_shown_before_sending(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    for _time in range(9):
        sent(budi)
    desk.page = desk.send(claim, "review/")
    assert desk.page.status_code == 409
    assert "the plan would pay IDR 0 instead of IDR 120" in desk.text.replace("\xa0", " ")


@pytest.mark.parametrize("mark", ["x", "1 2", "a b IDR", "1 2 idr", "1e99 0 IDR", "NaN 0 IDR"])
def test_an_invalid_mark_shows_the_review_again(budi: Account, mark: str) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert desk.send(claim, "review/", seen=mark).status_code == 409
    assert reread(claim).is_draft


def test_treatment_before_the_cover_is_explained_but_can_be_sent(budi: Account) -> None:
    early = bill(budi, days_ago=40)
    cover_ = cover(budi)
    cover_.start = today(budi) - timedelta(days=30)
    cover_.save()
    claim = complete(budi, "doctor", early)
    desk = Desk(budi)
    desk.open(claim, "review/")
    assert "Your cover began on" in desk.text
    assert desk.send(claim, "review/").status_code == 302


def test_an_invalid_account_keeps_the_chosen_one(budi: Account) -> None:
    claim = complete(budi)
    desk = Desk(budi)
    desk.open(claim, "pay/")
    desk.page = desk.send(claim, "pay/", pay_to="x")
    assert desk.page.status_code == 422
    assert "This account is no longer on your list" in desk.text
    assert reread(claim).pay_to == bank_account(budi)
