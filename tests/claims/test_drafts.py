"""Drafts: who may begin one, saving under a version, and what is missing."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.guards.flows import LimitReached
from mypolis.insurance.bank_accounts.access import UnknownBankAccount
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.drafts.fields import detail_names, treatment_fields
from mypolis.insurance.claims.drafts.flows import (
    MOST_LINES,
    LineData,
    Stale,
    TooManyLines,
    UnknownBenefit,
    UnknownCase,
    discard,
    remove_file,
    save,
)
from mypolis.insurance.claims.drafts.missing import missing
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.lifecycle.states import NotAllowed
from mypolis.insurance.claims.limits import CLAIMS_STARTED
from mypolis.insurance.claims.models import Claim, Line
from mypolis.membership.accounts.models import Account
from tests.claims.world import (
    actor,
    bank_account,
    bill,
    changed,
    complete,
    cover,
    draft,
    paper,
    reread,
    sent,
    today,
)


def lacking(claim: Claim) -> list[str]:
    files = ReceivedFile.objects.of(claim)
    found = missing(claim, benefit_of(claim), list(claim.lines.all()), files, claim.profile.today())
    return [one.field for one in found]


def test_nobody_claims_for_a_stranger(budi: Account, siti: Account) -> None:
    with pytest.raises(access.UnknownClaim):
        draft(budi, membership=cover(siti))
    with pytest.raises(access.UnknownClaim):
        flows.start(account=budi, membership="no number", benefit="", by=actor(budi))


def test_a_draft_belongs_to_whoever_began_it(budi: Account, siti: Account) -> None:
    mine = draft(budi)
    assert list(access.claims_of(siti)) == []
    with pytest.raises(access.UnknownClaim):
        save(account=siti, claim=mine.pk, version=1, changes={"provider": "x"}, by=actor(siti))
    with pytest.raises(access.UnknownClaim):
        discard(account=siti, claim=mine.pk, by=actor(siti))


def test_a_benefit_that_the_plan_does_not_have_is_refused(budi: Account) -> None:
    with pytest.raises(UnknownBenefit):
        draft(budi, "massage")
    with pytest.raises(UnknownBenefit):
        changed(budi, draft(budi), benefit="massage")


def test_a_save_under_an_old_version_changes_nothing_and_returns_the_newer_draft(budi: Account) -> None:
    claim = draft(budi)
    changed(budi, claim, provider="Klinik Melati")
    with pytest.raises(Stale) as stale:
        save(account=budi, claim=claim.pk, version=1, changes={"provider": "Klinik Anggrek"}, by=actor(budi))
    assert (stale.value.claim.provider, stale.value.claim.version) == ("Klinik Melati", 2)
    assert reread(claim).provider == "Klinik Melati"


def test_saving_the_same_again_is_no_new_version_and_no_event(budi: Account) -> None:
    claim = changed(budi, draft(budi), provider="Klinik Melati", lines=[bill(budi)])
    line = claim.lines.get()
    events = Event.objects.count()
    same = changed(budi, claim, provider="Klinik Melati", lines=[bill(budi, id=line.pk)])
    assert (same.version, Event.objects.count()) == (claim.version, events)


def test_details_are_kept_key_by_key_and_unknown_ones_refused(budi: Account) -> None:
    claim = changed(budi, draft(budi), details={"where": "Bandung"})
    claim = changed(budi, claim, details={"plate": "D 1234 AB"})
    assert claim.details == {"where": "Bandung", "plate": "D 1234 AB"}
    with pytest.raises(ValueError, match="unknown details"):
        changed(budi, claim, details={"colour": "red"})


def test_lines_are_added_changed_ordered_and_removed(budi: Account) -> None:
    claim = changed(budi, draft(budi), lines=[bill(budi, "10"), bill(budi, "20")])
    first, second = claim.lines.all()
    assert (first.amount, second.amount) == (Decimal(10), Decimal(20))
    third = bill(budi, "30")
    claim = changed(budi, claim, lines=[bill(budi, "21", id=second.pk), third])
    assert [(line.pk == second.pk, line.amount) for line in claim.lines.all()] == [
        (True, Decimal(21)),
        (False, Decimal(30)),
    ]


def test_a_line_of_another_claim_cannot_be_taken(budi: Account) -> None:
    other = changed(budi, draft(budi), lines=[bill(budi)]).lines.get()
    claim = changed(budi, draft(budi), lines=[bill(budi, "99", id=other.pk)])
    assert claim.lines.get().pk != other.pk
    assert Line.objects.get(pk=other.pk).claim_id != claim.pk


def test_a_claim_has_a_bounded_number_of_lines(budi: Account) -> None:
    claim = draft(budi)
    with pytest.raises(TooManyLines):
        changed(budi, claim, lines=[LineData()] * (MOST_LINES + 1))
    assert claim.lines.count() == 0


@pytest.mark.parametrize("amount", [Decimal(0), Decimal(-1)])
def test_the_database_keeps_no_line_without_a_positive_amount(budi: Account, amount: Decimal) -> None:
    claim = draft(budi)
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.create(claim=claim, place=0, amount=amount)


def test_the_same_case_must_be_an_earlier_claim_of_the_same_person(budi: Account, siti: Account) -> None:
    theirs = sent(siti)
    claim = draft(budi)
    for wrong in (theirs.pk, claim.pk, uuid4()):
        with pytest.raises(UnknownCase):
            changed(budi, claim, lines=[bill(budi, same_case_as=wrong)])
    earlier = sent(budi)
    claim = changed(budi, claim, lines=[bill(budi, same_case_as=earlier.pk)])
    assert claim.lines.get().same_case_as == earlier


def test_only_an_own_account_can_be_chosen(budi: Account, siti: Account) -> None:
    claim = draft(budi)
    with pytest.raises(UnknownBankAccount):
        changed(budi, claim, pay_to=bank_account(siti).pk)
    assert changed(budi, claim, pay_to=bank_account(budi).pk).pay_to is not None
    assert changed(budi, claim, pay_to=None).pay_to is None


def test_everything_missing_is_named_in_order_and_in_the_members_language(budi: Account) -> None:
    claim = draft(budi)
    assert lacking(claim) == ["treated_on", "provider", "diagnosis", "lines", "documents.receipt", "pay_to"]
    with translation.override("id"):
        texts = [one.text for one in missing(claim, benefit_of(claim), [], [], today(budi))]
    assert not any("Add at least" in text for text in texts)


def test_a_draft_without_a_benefit_lacks_only_that(budi: Account) -> None:
    assert lacking(draft(budi, "")) == ["benefit"]


def test_nothing_is_missing_from_a_complete_draft(budi: Account) -> None:
    assert lacking(complete(budi)) == []


def test_a_refused_file_does_not_count_but_one_being_checked_does(budi: Account) -> None:
    claim = complete(budi, files="refused")
    assert lacking(claim) == ["documents.receipt"]
    paper(claim, state="checking")
    assert lacking(claim) == []


def test_days_in_the_future_and_in_the_wrong_order_are_named(budi: Account) -> None:
    claim = complete(budi)
    tomorrow = today(budi) + timedelta(days=1)
    claim = changed(budi, claim, treated_on=tomorrow, lines=[bill(budi, days_ago=-1)])
    assert lacking(claim) == ["treated_on", "lines"]
    claim = changed(budi, claim, treated_on=today(budi), until=today(budi) - timedelta(days=1), lines=[bill(budi)])
    assert lacking(claim) == ["until"]


def test_a_bill_without_date_or_amount_is_named(budi: Account) -> None:
    claim = changed(budi, complete(budi), lines=[replace(bill(budi), date=None, amount=None)])
    assert lacking(claim) == ["lines", "lines"]


def test_a_discarded_draft_is_gone_with_its_files(budi: Account) -> None:
    claim = complete(budi)
    discard(account=budi, claim=claim.pk, by=actor(budi))
    assert not Claim.objects.exists()
    assert not ReceivedFile.objects.exists()


def test_a_file_is_removed_once_and_only_from_a_draft(budi: Account) -> None:
    claim = complete(budi)
    file = ReceivedFile.objects.of(claim).get()
    version = reread(claim).version
    remove_file(account=budi, claim=claim.pk, file=file.pk, by=actor(budi))
    remove_file(account=budi, claim=claim.pk, file=file.pk, by=actor(budi))
    assert reread(claim).version == version + 1
    gone = sent(budi)
    with pytest.raises(NotAllowed):
        remove_file(account=budi, claim=gone.pk, file=ReceivedFile.objects.of(gone).get().pk, by=actor(budi))


def test_a_sent_claim_is_neither_saved_nor_discarded(budi: Account) -> None:
    claim = sent(budi)
    with pytest.raises(NotAllowed):
        changed(budi, claim, provider="Klinik Anggrek")
    with pytest.raises(NotAllowed):
        discard(account=budi, claim=claim.pk, by=actor(budi))
    assert submit(account=budi, claim=claim.pk, by=actor(budi)).number == claim.number


def test_one_day_has_a_bounded_number_of_new_drafts(budi: Account) -> None:
    for _time in range(CLAIMS_STARTED.most):
        draft(budi)
    with pytest.raises(LimitReached):
        draft(budi)


def test_every_field_has_a_label_and_only_known_keys(budi: Account) -> None:
    plan_benefit = benefit_of(draft(budi))
    assert plan_benefit is not None
    assert [field.name for field in treatment_fields(plan_benefit)] == ["treated_on", "provider", "diagnosis"]
    assert {"where", "plate", "country"} <= detail_names()


def test_a_day_before_the_plan_still_shows_the_benefit(budi: Account) -> None:
    claim = changed(budi, draft(budi), treated_on=date(2019, 5, 1))
    assert benefit_of(claim) is not None


def test_a_claim_about_the_member_is_found_with_one_query(budi: Account, django_assert_max_num_queries: Any) -> None:
    claim = draft(budi)
    with django_assert_max_num_queries(1):
        assert access.own(budi, claim.pk) == claim
