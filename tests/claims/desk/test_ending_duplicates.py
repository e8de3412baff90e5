"""A claim that was sent twice ends at the desk: compared first, by a person, and its member reads which one goes on."""

import re

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.desk.outcomes.duplicates import end_as_duplicate
from mypolis.insurance.claims.desk.refusals import Why
from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame
from mypolis.insurance.claims.lifecycle.following import appeal, withdraw
from mypolis.insurance.claims.models import Claim, ClaimInHand, Decision
from mypolis.insurance.coverage.ledger.balance_check import verify
from mypolis.insurance.coverage.models import Balance
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from tests.claims.app import App
from tests.claims.desk.acts import decides, lowers, takes
from tests.claims.desk.pages import Assessor, assessor
from tests.claims.desk.staff import AGUS, MAYA, RINA, Colleague
from tests.claims.desk.test_in_hand import assert_refused
from tests.claims.verdicts import questioned
from tests.claims.world import actor, bill, draft, reread, sent
from tests.journeys.test_races import at_once
from tests.test_query_counts import asked


def ends(staff: Colleague, claim: Claim, other: Claim) -> Claim:
    return end_as_duplicate(claim=claim, number=other.number, staff=staff, by=staff.actor)


@pytest.fixture
def first(budi: Account) -> Claim:
    return sent(budi)


@pytest.fixture
def second(budi: Account, first: Claim) -> Claim:
    """The same bill once more, in Rina's hands."""
    return takes(RINA, sent(budi, content=b"again"))


# Sad paths


def test_only_who_has_it_in_hand_ends_it(budi: Account, first: Claim, second: Claim) -> None:
    assert_refused(lambda: ends(AGUS, second, first), Why.IN_OTHER_HANDS)
    assert_refused(lambda: ends(RINA, first, second), Why.WRONG_STATE)
    assert (reread(first).state, reread(second).state) == ("received", "in_review")


def test_the_other_claim_must_be_the_members_and_go_on(
    budi: Account, siti: Account, first: Claim, second: Claim
) -> None:
    theirs, ended, begun = sent(siti), sent(budi, content=b"b"), draft(budi)
    withdraw(account=budi, claim=ended.pk, by=actor(budi))
    for other in (second, theirs, ended, begun):
        with pytest.raises(NotTheSame):
            ends(RINA, second, other)
    for number in ("", "C-2026-999999", "x" * 400):
        with pytest.raises(NotTheSame):
            end_as_duplicate(claim=second, number=number, staff=RINA, by=RINA.actor)
    assert reread(second).state == "in_review"


def test_a_claim_under_appeal_ends_with_a_decision(budi: Account, first: Claim, second: Claim) -> None:
    decides(RINA, second)
    appeal(account=budi, claim=second.pk, text="Look again.", by=actor(budi))
    takes(AGUS, reread(second))
    assert_refused(lambda: ends(AGUS, second, first), Why.UNDER_APPEAL)


def test_an_assessor_does_not_end_the_claim_of_their_family(budi: Account, first: Claim, second: Claim) -> None:
    enter_relation(staff=RINA.pk, person=budi.person, by=SYSTEM)
    assert_refused(lambda: ends(RINA, second, first), Why.OWN_OR_FAMILY, "assessor")


@pytest.mark.django_db(transaction=True)
def test_two_that_end_each_other_at_once_leave_one(budi: Account) -> None:
    one, other = sent(budi), sent(budi, content=b"again")
    takes(RINA, one)
    takes(AGUS, other)

    def end(staff: Colleague, claim: Claim, of: Claim) -> bool:
        try:
            ends(staff, claim, of)
        except NotTheSame:
            return False
        return True

    assert sorted(at_once(lambda: end(RINA, one, other), lambda: end(AGUS, other, one))) == [False, True]
    assert sorted(claim.state for claim in Claim.objects.all()) == ["duplicate", "in_review"]


# What comes of it


def test_it_releases_what_it_reserved_keeps_its_files_and_tells_which_claim_goes_on(
    budi: Account, first: Claim, second: Claim
) -> None:
    files = ReceivedFile.objects.of(second).count()
    reserved = sum(row.reserved_amount for row in Balance.objects.all())
    ends(RINA, second, first)
    second = reread(second)
    assert (second.state, second.related, Decision.objects.count()) == ("duplicate", first, 0)
    assert (sum(row.reserved_amount for row in Balance.objects.all()), verify()) == (reserved / 2, 0)
    assert ReceivedFile.objects.of(second).count() == files > 0
    assert f"That is claim {first.number}. Nothing is lost." in second.changes.get(after="duplicate").sentence("en")
    assert not ClaimInHand.objects.exists()
    assert App(budi).claim(second)["can"] == []
    event = Event.objects.filter(kind="claim.changed", subject=f"claims.claim:{second.pk}").latest("pk")
    assert (event.actor_kind, event.actor_id) == ("staff", str(RINA.pk))


def test_a_claim_that_waits_for_its_member_or_for_a_second_person_can_end_too(budi: Account, first: Claim) -> None:
    waits = questioned(takes(RINA, sent(budi, content=b"b")))
    ends(RINA, waits, first)
    assert reread(waits).state == "duplicate"
    above = takes(MAYA, Claim.objects.get(pk=_in_second_review(budi).pk))
    ends(MAYA, above, first)
    assert reread(above).state == "duplicate"


def _in_second_review(budi: Account) -> Claim:
    claim = takes(RINA, sent(budi, content=b"c"))
    lowers(RINA, claim, "150", reason="")
    decides(RINA, claim)
    return reread(claim)


# The pages


@pytest.fixture
def rina(budi: Account) -> Assessor:
    return assessor("Rina")


def test_the_comparison_begins_at_the_same_bill_and_shows_both_and_the_letter(budi: Account, rina: Assessor) -> None:
    first, second = (sent(budi, bill(budi, number="KW-7"), content=content) for content in (b"one", b"two"))
    rina.takes(second)
    facts = rina.page(second, "facts").content.decode()
    assert f"/duplicate/?of={first.number}" in facts
    with asked() as statements:
        text = rina.text(second, "duplicate", of=first.number)
    assert len(statements) <= 15
    for part in (first.number, second.number, "the same", f"That is claim {first.number}", "gives back"):
        assert part in text
    assert reread(second).state == "in_review", "reading changes nothing"
    assert staff_viewings_of(budi.person), "the member sees that the other claim was looked at"
    assert Event.objects.filter(kind="claim.looked_at", subject=f"claims.claim:{first.pk}").count() == 1
    page = rina.does(second, "duplicate", of=first.number)
    assert (page.status_code, reread(second).state) == (200, "in_review"), "without a comparison it is shown first"
    assert rina.does(second, "duplicate", of=first.number, compared="x").status_code == 200
    compared = re.search(r'name="compared" value="([^"]+)"', page.content.decode())
    assert compared is not None
    assert rina.does(second, "duplicate", of=first.number, compared=compared[1]).status_code == 302
    assert reread(second).state == "duplicate"
    assert "Sent twice" in rina.text(second)


def test_a_wrong_number_is_refused_in_the_same_words_for_every_reason(
    budi: Account, siti: Account, rina: Assessor
) -> None:
    second, theirs = sent(budi), sent(siti)
    rina.takes(second)
    for number in (theirs.number, second.number, "C-2026-999999", "<b>"):
        answer = rina.page(second, "duplicate", of=number)
        assert answer.status_code == 422
        assert "No open or decided claim of this member has this number" in answer.content.decode()
        assert rina.does(second, "duplicate", of=number).status_code == 422
    assert rina.page(second, "duplicate").status_code == 200
    assert reread(second).state == "in_review"


def test_who_does_not_have_it_in_hand_finds_no_such_page(budi: Account, rina: Assessor) -> None:
    first, second = sent(budi), sent(budi, content=b"again")
    assert rina.page(second, "duplicate", of=first.number).status_code == 404
    assert rina.does(second, "duplicate", of=first.number).status_code == 404
    rina.takes(second)
    rina.enters(second)
    assert rina.page(second, "duplicate", of=first.number).status_code == 302, "its decision waits"
