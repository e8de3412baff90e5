"""A claim in hand is visibly somebody's: it is taken, taken over, handed over and put back."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mypolis.foundation.events.models import Event
from mypolis.insurance.claims.decisions.by_rules import adjudicate_claims
from mypolis.insurance.claims.desk.in_hand import hand_over, put_back, take, take_over
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.lifecycle.following import appeal, withdraw
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from tests.claims.desk.acts import decides, lowers, takes
from tests.claims.desk.staff import AGUS, MAYA, OLGA, RINA, Colleague
from tests.claims.verdicts import CORE, decide_again, decided, questioned
from tests.claims.world import actor, member, reread, sent, today
from tests.files.conftest import folder
from tests.journeys.test_races import at_once

__all__ = ["folder"]


def assert_refused(act: Callable[[], object], why: Why, who_can: str | None = None) -> Refused:
    """Doing it is refused for this reason, and the refusal says who can."""
    with pytest.raises(Refused) as refusal:
        act()
    assert (refusal.value.why, refusal.value.who_can) == (why, who_can)
    return refusal.value


def taken_by(staff: Colleague, claim: Claim) -> Callable[[], object]:
    return lambda: take(claim=claim, staff=staff, by=staff.actor)


def test_a_claim_is_not_taken_from_somebody_and_the_refusal_names_them(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    refusal = assert_refused(taken_by(AGUS, claim), Why.IN_OTHER_HANDS)
    assert refusal.sentence.startswith("Rina has this claim in hand.")
    assert ClaimInHand.objects.get().staff == RINA.pk


def test_an_auditor_takes_nothing(budi: Account) -> None:
    refusal = assert_refused(taken_by(OLGA, sent(budi)), Why.NO_RIGHT, "assessor")
    assert refusal.sentence.endswith("Another assessor can do it.")


def test_roles_of_another_market_do_not_count(budi: Account) -> None:
    elsewhere = Colleague(9, "Mira", RINA.roles, frozenset({"rs"}))
    assert_refused(taken_by(elsewhere, sent(budi)), Why.NO_RIGHT, "assessor")


def test_nobody_takes_their_own_claim(budi: Account) -> None:
    enter_relation(staff=RINA.pk, person=budi.person, by=MAYA.actor)
    assert_refused(taken_by(RINA, sent(budi)), Why.OWN_OR_FAMILY, "assessor")


def test_nobody_takes_a_claim_of_their_family_even_if_it_is_handed_over(budi: Account, siti: Account) -> None:
    enter_relation(staff=RINA.pk, person=siti.person, by=MAYA.actor)
    siti.person.memberships.update(policy=budi.person.memberships.get().policy, employee_number="E7", relation="spouse")
    budi.person.memberships.update(employee_number="E7")
    claim = sent(budi)
    assert_refused(taken_by(RINA, claim), Why.OWN_OR_FAMILY, "assessor")
    refusal = assert_refused(lambda: hand_over(claim=claim, staff=MAYA, to=RINA, by=MAYA.actor), Why.COLLEAGUE_MAY_NOT)
    assert refusal.sentence == "Rina may not work on this claim. Please choose another colleague."


def test_nobody_chooses_who_decides_their_own_claim(budi: Account) -> None:
    claim = takes(AGUS, sent(budi))
    enter_relation(staff=MAYA.pk, person=budi.person, by=OLGA.actor)

    def gives() -> object:
        return hand_over(claim=claim, staff=MAYA, to=RINA, by=MAYA.actor)

    assert_refused(gives, Why.OWN_OR_FAMILY, "senior-assessor")
    assert ClaimInHand.objects.get().staff == AGUS.pk


def test_a_claim_in_hand_that_turns_out_to_be_the_familys_is_put_back_not_given_to_somebody(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    enter_relation(staff=RINA.pk, person=budi.person, by=OLGA.actor)

    def gives() -> object:
        return hand_over(claim=claim, staff=RINA, to=AGUS, by=RINA.actor)

    assert_refused(gives, Why.OWN_OR_FAMILY, "senior-assessor")
    put_back(claim=claim, staff=RINA, by=RINA.actor)
    assert not ClaimInHand.objects.exists()


@pytest.mark.parametrize("why", ["decided", "withdrawn", "checking"])
def test_a_claim_that_is_not_at_the_desk_is_not_taken(budi: Account, why: str) -> None:
    claim = decided(budi) if why == "decided" else sent(budi, files="checking" if why == "checking" else "clean")
    if why == "withdrawn":
        withdraw(account=budi, claim=claim.pk, by=actor(budi))
    assert_refused(taken_by(RINA, claim), Why.WRONG_STATE)


def test_an_appeal_goes_to_somebody_who_did_not_decide(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "100")
    decides(RINA, claim)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    assert_refused(taken_by(RINA, reread(claim)), Why.TOOK_PART, "assessor")
    assert takes(AGUS, reread(claim)).state == "in_review"


def test_who_took_part_in_a_decision_does_not_choose_who_decides_its_appeal(budi: Account) -> None:
    claim = takes(MAYA, sent(budi))
    lowers(MAYA, claim, "100")
    decides(MAYA, claim)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))

    def gives() -> object:
        return hand_over(claim=claim, staff=MAYA, to=RINA, by=MAYA.actor)

    assert_refused(gives, Why.TOOK_PART, "senior-assessor")


def test_who_entered_a_claim_does_not_choose_who_decides_it(budi: Account) -> None:
    claim = sent(budi)
    Claim.objects.filter(pk=claim.pk).update(came_by="post", came_on=today(budi), entered_by=MAYA.pk)

    def gives() -> object:
        return hand_over(claim=reread(claim), staff=MAYA, to=RINA, by=MAYA.actor)

    assert_refused(gives, Why.ENTERED_IT, "senior-assessor")


def test_taking_begins_the_review_makes_the_draft_and_is_recorded(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert claim.state == "in_review"
    assert (claim.in_hand.name, claim.in_hand.before) == ("Rina", None)
    assert AssessmentDraft.objects.get().basis["claim"] == claim.version
    event = Event.objects.get(kind="claim.taken")
    assert (event.actor_kind, event.actor_id, event.facts) == ("staff", "1", {"to": 1, "before": None})


def test_taking_twice_changes_nothing_more(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert takes(RINA, claim).version == claim.version
    assert Event.objects.filter(kind="claim.taken").count() == 1


def test_taking_over_tells_the_other_who_has_it_now_and_keeps_what_was_typed(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "100")
    row = take_over(claim=claim, staff=AGUS, by=AGUS.actor)
    assert (row.name, row.before, row.is_given) == ("Agus", RINA.pk, False)
    assert len(AssessmentDraft.objects.get().lines) == 1
    assert_refused(lambda: lowers(RINA, claim, "90"), Why.IN_OTHER_HANDS)


def test_one_hands_over_what_one_has_and_a_senior_what_anybody_has(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert_refused(lambda: hand_over(claim=claim, staff=AGUS, to=AGUS, by=AGUS.actor), Why.NO_RIGHT, "senior-assessor")
    row = hand_over(claim=claim, staff=RINA, to=AGUS, by=RINA.actor)
    assert (row.name, row.before, row.is_given) == ("Agus", RINA.pk, True)
    assert hand_over(claim=claim, staff=MAYA, to=RINA, by=MAYA.actor).name == "Rina"


def test_what_was_put_back_is_received_again_and_anybody_can_take_it(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    promised = claim.promised_by
    assert_refused(lambda: put_back(claim=claim, staff=AGUS, by=AGUS.actor), Why.IN_OTHER_HANDS)
    put_back(claim=claim, staff=RINA, by=RINA.actor)
    claim = reread(claim)
    assert (claim.state, claim.promised_by) == ("received", promised)
    assert not ClaimInHand.objects.exists()
    assert takes(AGUS, claim).in_hand.name == "Agus"


def test_an_answered_question_comes_back_to_who_has_the_claim(budi: Account) -> None:
    claim = questioned(takes(RINA, sent(budi)))
    assert claim.in_hand.name == "Rina"
    assert takes(RINA, claim).state == "waiting_for_member"


def test_the_rules_leave_a_claim_in_hand_to_whoever_has_it(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    report = adjudicate_claims(market="id", by=CORE, numbers=[claim.number])
    assert (report.decided, report.undecided) == (0, {claim.number: "not_ready"})


def test_a_decision_of_the_core_system_clears_the_desk(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    decide_again(claim, "100")
    assert not ClaimInHand.objects.exists()
    assert not AssessmentDraft.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_two_assessors_at_once_exactly_one_gets_the_claim(folder: Path, tmp_path: Path) -> None:
    claim = sent(member(folder=tmp_path))

    def tries(staff: Colleague) -> str:
        try:
            return take(claim=claim, staff=staff, by=staff.actor).name
        except Refused as refusal:
            return f"refused: {refusal.holder} has it"

    answers = sorted(at_once(lambda: tries(RINA), lambda: tries(AGUS)))
    assert answers in (["Agus", "refused: Agus has it"], ["Rina", "refused: Rina has it"])
    assert ClaimInHand.objects.count() == 1
