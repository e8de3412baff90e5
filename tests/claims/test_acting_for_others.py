"""Claims for adults, by mandate or consent: who is paid, what pages say, in which role a viewing is recorded."""

from typing import Any

import pytest
from django.utils import timezone

from mypolis.insurance.bank_accounts.access import UnknownBankAccount
from mypolis.insurance.claims.access import UnknownClaim
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.deciding import decide
from mypolis.insurance.claims.lifecycle.following import change_account
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.payees import payee_of
from mypolis.insurance.claims.presenters import shown
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.models import Mandate, Viewing
from tests.claims.acting import consent, draft_for, mandate, spouse
from tests.claims.app import App
from tests.claims.drafts.desk import Desk
from tests.claims.pages.reading import CORE, Reader, verdict
from tests.claims.world import actor, bank_account, bill, changed, paper, reread


def viewings() -> list[tuple[str, str]]:
    return [(row.seen_as, row.what) for row in Viewing.objects.order_by("pk")]


def sent_for(account: Account, claim: Claim, payee: Account) -> Claim:
    """The draft was completed and sent."""
    given = bill(account)
    changed(
        account,
        claim,
        treated_on=given.date,
        provider="Klinik Melati",
        diagnosis="batuk",
        lines=[given],
        pay_to=bank_account(payee).pk,
    )
    paper(claim)
    return submit(account=account, claim=claim.pk, by=actor(account))


def decided(account: Account, claim: Claim, payee: Account) -> Claim:
    """The same, and it was partly approved."""
    claim = sent_for(account, claim, payee)
    decide(claim=claim, verdict=verdict(claim, "100", "partly_approved"), by=CORE)
    return reread(claim)


def returned(account: Account, claim: Claim, payee: Account) -> Claim:
    """The same, and its payment came back."""
    claim = decided(account, claim, payee)
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE)
    return reread(claim)


def test_under_a_mandate_only_the_giver_is_paid(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    own, claim = bank_account(siti, "1111111111"), draft_for(siti, budi.person)
    assert payee_of(claim, siti) == budi
    with pytest.raises(UnknownBankAccount):
        changed(siti, claim, pay_to=own.pk)
    claim = returned(siti, claim, budi)
    with pytest.raises(UnknownBankAccount):
        change_account(account=siti, claim=claim.pk, pay_to=own.pk, by=actor(siti))
    page = Reader(siti).get(f"/id/claims/{claim.pk}/account/").content.decode()
    assert own.shown not in page
    assert "return_to" not in page, "a giver adds their own account"
    other = bank_account(budi, "2222222222")
    change_account(account=siti, claim=claim.pk, pay_to=other.pk, by=actor(siti))
    assert reread(claim).pay_to == other


def test_under_a_consent_whoever_makes_the_claim_is_paid(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    claim = returned(budi, draft_for(budi, person), budi)
    other = bank_account(budi, "9988776655")
    page = Reader(budi).get(f"/id/claims/{claim.pk}/account/").content.decode()
    assert other.shown in page
    assert f"bank-account/?return_to=claim-payment:{claim.pk}" in page, "they may add another account of their own"
    change_account(account=budi, claim=claim.pk, pay_to=other.pk, by=actor(budi))
    assert reread(claim).pay_to == other


def test_who_consented_and_opens_an_account_later_is_not_paid_instead(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    claim = draft_for(budi, person)
    theirs = Account.objects.create(market="id", person=person, password_hash="!", language="id")
    assert payee_of(claim, budi) == budi, "the text to which they agreed says who is paid"
    with pytest.raises(UnknownBankAccount):
        changed(budi, claim, pay_to=bank_account(theirs).pk)


@pytest.mark.parametrize("part", ["documents/", "bills/", "pay/", "review/", "discard/"])
def test_every_page_of_a_draft_says_for_whom_the_member_acts_and_who_is_paid(budi: Account, part: str) -> None:
    consent(person := spouse(budi), budi)
    claim = draft_for(budi, person)
    desk = Desk(budi)
    desk.open(claim, part)
    assert "You act for Siti, with their consent. We pay to your account." in desk.text
    assert "They see" not in desk.text, "whoever consented by a link has no account in which to see it"


@pytest.mark.parametrize("part", ["documents/", "bills/", "pay/", "review/", "discard/"])
def test_every_page_of_a_proxys_draft_says_what_the_giver_sees(budi: Account, siti: Account, part: str) -> None:
    mandate(budi, siti)
    desk = Desk(siti)
    desk.open(draft_for(siti, budi.person), part)
    assert "You act for Budi Santoso. They see this claim once you have sent it" in desk.text
    assert "we pay to their account" in desk.text


def test_the_first_page_says_it_for_a_consent_too(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    desk = Desk(budi)
    desk.open(None, f"new/?for={person.memberships.get().pk}")
    assert "You act for Siti, with their consent. We pay to your account." in desk.text


def test_a_claim_made_under_a_consent_is_recorded_as_opened_under_it(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    claim = draft_for(budi, person)
    Desk(budi).open(claim, "documents/")
    assert viewings() == [("consent", "claims")]
    Viewing.objects.all().delete()
    token = Reader(budi)
    claim = returned(budi, claim, budi)
    token.read(token.address(claim))
    assert viewings() == [("consent", "claims")]


def test_the_statement_records_each_person_once_in_the_right_role(budi: Account) -> None:
    consent(person := spouse(budi), budi)
    claim = returned(budi, draft_for(budi, person), budi)
    assert claim.sent_at is not None
    year = claim.sent_at.astimezone(claim.profile.zone).year
    assert Reader(budi).get(f"/id/claims/statement/{year}.pdf").status_code == 200
    assert viewings() == [("consent", "claims")]


def test_a_mandate_that_ends_while_a_claim_begins_is_not_found(
    budi: Account, siti: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, start = mandate(budi, siti), flows.start

    def late(**named: Any) -> Claim:
        Mandate.objects.filter(pk=given.pk).update(ended_at=timezone.now(), ended_by="giver")
        return start(**named)

    desk = Desk(siti)
    whose = budi.person.memberships.get().pk
    desk.open(None, f"new/?for={whose}")
    monkeypatch.setattr(flows, "start", late)
    assert desk.send(None, "new/", benefit="doctor", **{"for": whose}).status_code == 404
    assert not Claim.objects.exists()


def end(given: Mandate) -> None:
    Mandate.objects.filter(pk=given.pk).update(ended_at=timezone.now(), ended_by="giver")


def test_once_the_mandate_has_ended_the_giver_goes_on_with_the_claim(budi: Account, siti: Account) -> None:
    given = mandate(budi, siti)
    claim = returned(siti, draft_for(siti, budi.person), budi)
    other = bank_account(budi, "2222222222")
    assert App(budi).claim(claim)["can"] == []
    with pytest.raises(UnknownClaim):
        change_account(account=budi, claim=claim.pk, pay_to=other.pk, by=actor(budi))
    end(given)
    assert App(budi).claim(claim)["can"] == ["change-account"]
    change_account(account=budi, claim=claim.pk, pay_to=other.pk, by=actor(budi))
    assert (reread(claim).state, reread(claim).pay_to) == ("to_be_paid", other)
    with pytest.raises(UnknownClaim):
        following.withdraw(account=siti, claim=claim.pk, by=actor(siti))


def test_what_the_giver_sends_again_is_their_own_claim(budi: Account, siti: Account) -> None:
    given = mandate(budi, siti)
    claim, unsent = decided(siti, draft_for(siti, budi.person), budi), draft_for(siti, budi.person)
    Claim.objects.filter(pk=claim.pk).update(state="rejected")
    end(given)
    again = following.send_again(account=budi, claim=claim.pk, by=actor(budi))
    assert (again.account, again.basis, payee_of(again, budi)) == (budi, None, budi)
    with pytest.raises(UnknownClaim):
        flows.discard(account=budi, claim=unsent.pk, by=actor(budi))


def test_a_claim_under_a_mandate_that_was_renewed_stays_with_the_proxy(budi: Account, siti: Account) -> None:
    old = mandate(budi, siti)
    claim = returned(siti, draft_for(siti, budi.person), budi)
    now = timezone.now()
    Mandate.objects.filter(pk=old.pk).update(ended_at=now, ended_by="newer")
    new = mandate(budi, siti)
    Mandate.objects.filter(pk=new.pk).update(accepted_at=now)
    assert App(siti).claim(claim)["can"] == ["change-account"]
    assert App(budi).claim(claim)["can"] == []


def test_who_consented_by_a_link_takes_nothing_over(budi: Account) -> None:
    given = consent(person := spouse(budi), budi)
    claim = returned(budi, draft_for(budi, person), budi)
    theirs = Account.objects.create(market="id", person=person, password_hash="!", language="id")
    given.ended_at, given.ended_by = timezone.now(), "person"
    given.save()
    assert App(theirs).claim(claim)["can"] == []
    with pytest.raises(UnknownClaim):
        change_account(account=theirs, claim=claim.pk, pay_to=bank_account(theirs).pk, by=actor(theirs))


def test_a_mandate_that_ends_while_an_appeal_is_written_is_not_found(
    budi: Account, siti: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    given, appeal = mandate(budi, siti), following.appeal
    claim = decided(siti, draft_for(siti, budi.person), budi)

    def late(**named: Any) -> Claim:
        Mandate.objects.filter(pk=given.pk).update(ended_at=timezone.now(), ended_by="giver")
        return appeal(**named)

    monkeypatch.setattr(following, "appeal", late)
    assert Reader(siti).post(f"/id/claims/{claim.pk}/appeal/", {"text": "No."}).status_code == 404


def test_the_timeline_says_who_acted_to_both_readers(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    claim = decided(siti, draft_for(siti, budi.person), budi)
    following.appeal(account=siti, claim=claim.pk, text="No.", by=actor(siti))
    theirs, mine = (Reader(who).read(f"/id/claims/{claim.pk}/") for who in (budi, siti))
    assert "Siti sent this claim. We are checking the files." in theirs
    assert "Siti asked us to look again." in theirs
    assert "You sent" not in theirs
    assert "You asked" not in theirs
    assert "You sent this claim." in mine
    assert "You asked us to look again." in mine
    entries = [shown([reread(claim)], who)[0].timeline for who in (budi, siti)]
    assert [entry.by for entry in entries[0] if entry.kind in ("submitted", "appealed")] == ["Siti", "Siti"]
    assert {entry.by for entry in entries[1]} == {None}


def test_the_insured_reads_who_answers_and_both_read_whose_account_is_paid(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    claim = decided(siti, draft_for(siti, budi.person), budi)
    theirs, mine = (Reader(who).read(f"/id/claims/{claim.pk}/") for who in (budi, siti))
    assert "We pay to your account" in theirs
    assert "We pay to the account of Budi Santoso" in mine
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=CORE)
    assert "Siti needs to choose another account" in Reader(budi).read(f"/id/claims/{claim.pk}/")


def test_questions_to_a_proxy_are_not_put_to_the_insured(budi: Account, siti: Account) -> None:
    mandate(budi, siti)
    claim = sent_for(siti, draft_for(siti, budi.person), budi)
    ask(claim=claim, questions=[NewQuestion(id="q1", text="What was the visit for?")], by=CORE)
    theirs, mine = (Reader(who).read(f"/id/claims/{claim.pk}/") for who in (budi, siti))
    assert "We need something from Siti" in theirs
    assert "Siti can answer our questions by" in theirs
    assert not any(words in theirs for words in ("from you", "Your answer", "Please answer"))
    assert "Please answer our questions by" in mine
