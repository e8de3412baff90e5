"""Deciding at the desk: alone up to one's authority, with a second person above it, and never on stale figures."""

from dataclasses import replace
from decimal import Decimal

import pytest

from mypolis.foundation.events.models import Event
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.claims.desk.authority import may_confirm
from mypolis.insurance.claims.desk.basis import Changed
from mypolis.insurance.claims.desk.draft_decision import DraftChanged, renew
from mypolis.insurance.claims.desk.outcomes import deciding
from mypolis.insurance.claims.desk.outcomes.deciding import NotPreviewed, Stale, Undecidable, decide, send_back
from mypolis.insurance.claims.desk.outcomes.preview import preview
from mypolis.insurance.claims.desk.refusals import Why
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.lifecycle.following import Answer, answer, appeal
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, DecidedLine, Decision
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.coverage.models import Balance
from mypolis.membership.accounts.models import Account
from tests.claims.desk.acts import assessed, confirms, decides, draft_of, lowers, refuses, shown_preview, takes, types
from tests.claims.desk.staff import AGUS, MAYA, RINA, TONO, Colleague, colleague
from tests.claims.desk.test_in_hand import assert_refused, taken_by
from tests.claims.verdicts import questioned
from tests.claims.world import actor, bill, reread, sent


@pytest.fixture
def _small_authority(monkeypatch: pytest.MonkeyPatch) -> None:
    """Assessors decide up to 100, seniors up to 110."""
    profile = profile_of("id")
    sums = {"assessor": Decimal(100), "senior-assessor": Decimal(110)}
    changed = replace(profile, claims=replace(profile.claims, authority=sums))
    monkeypatch.setattr(Claim, "profile", property(lambda _claim: changed))


def deciding_now(staff: Colleague, claim: Claim, version: int | None = None, previewed: str = "") -> deciding.Done:
    seen = draft_of(claim).version if version is None else version
    return decide(claim=claim, version=seen, previewed=previewed, staff=staff, by=staff.actor)


def test_only_who_has_the_claim_in_hand_decides(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert_refused(lambda: deciding_now(AGUS, claim), Why.IN_OTHER_HANDS)
    ClaimInHand.objects.all().delete()
    assert_refused(lambda: deciding_now(RINA, claim), Why.NOT_IN_HAND)
    assert not Decision.objects.exists()


def test_who_lost_the_role_meanwhile_does_not_decide(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert_refused(lambda: deciding_now(colleague(RINA.pk, "Rina", "editor"), claim), Why.NO_RIGHT, "assessor")


def test_a_draft_that_another_tab_changed_is_not_decided(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    seen = draft_of(claim).version
    lowers(RINA, claim, "100")
    with pytest.raises(DraftChanged):
        deciding_now(RINA, claim, seen)


def test_a_line_without_its_reason_or_rate_is_not_decided(budi: Account) -> None:
    claim = takes(RINA, sent(budi, bill(budi, "10.00", currency="EUR")))
    with pytest.raises(Undecidable) as refusal:
        deciding_now(RINA, claim)
    assert list(refusal.value.problems.values()) == ["question"]


def test_a_rejection_that_nobody_read_before_is_not_decided(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    refuses(RINA, claim)
    with pytest.raises(NotPreviewed):
        deciding_now(RINA, claim)
    seen = shown_preview(claim)
    refuses(RINA, claim, note="A note that was typed later.")
    with pytest.raises(NotPreviewed):
        deciding_now(RINA, claim, previewed=seen)
    assert decides(RINA, claim).came_to == "decided"
    assert reread(claim).state == "rejected"


def test_what_another_claim_used_meanwhile_makes_the_draft_stale_and_loses_nothing(budi: Account) -> None:
    claim = takes(RINA, sent(budi, bill(budi, days_ago=4)))
    lowers(RINA, claim, "100")
    decides(AGUS, takes(AGUS, sent(budi, bill(budi, "60.00"), content=b"other")))
    with pytest.raises(Stale) as refusal:
        deciding_now(RINA, claim)
    assert refusal.value.changed == (Changed.LIMITS,)
    renew(claim=claim, version=draft_of(claim).version, staff=RINA, by=RINA.actor)
    assert assessed(claim).granted == 100
    assert decides(RINA, claim).came_to == "decided"


def test_an_answer_that_came_meanwhile_makes_the_draft_stale(budi: Account) -> None:
    claim = questioned(takes(RINA, sent(budi)))
    answer(account=budi, claim=claim.pk, answers={claim.questions.get().pk: Answer(text="Yes.")}, by=actor(budi))
    with pytest.raises(Stale) as refusal:
        deciding_now(RINA, claim)
    assert refusal.value.changed == (Changed.CLAIM,)


def test_a_mended_plan_makes_the_draft_stale(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    draft = draft_of(claim)
    draft.basis = draft.basis | {"plans": dict.fromkeys(draft.basis["plans"], 0)}
    draft.save()
    with pytest.raises(Stale) as refusal:
        deciding_now(RINA, claim)
    assert refusal.value.changed == (Changed.PLAN,)


def test_a_claim_is_decided_as_proposed_and_the_member_reads_what_was_previewed(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    promised = preview(assessed(claim))["en"]
    done = decides(RINA, claim)
    claim = reread(claim)
    assert (done.came_to, claim.state) == ("decided", "to_be_paid")
    decision = claim.decisions.get()
    assert (decision.source, decision.outcome, decision.by_id) == ("desk", "partly_approved", str(RINA.pk))
    (line,) = shown([claim], budi)[0].lines
    assert line.decided is not None
    assert line.decided.granted == 120
    assert [one.text for one in line.reasons] == list(promised.lines[0].reasons)
    assert Balance.objects.get(benefit="doctor").used_amount == 120
    assert not ClaimInHand.objects.exists()
    assert not AssessmentDraft.objects.exists()


def test_what_the_assessor_typed_about_a_line_is_kept_with_it(budi: Account) -> None:
    claim = takes(RINA, sent(budi, bill(budi, "10.00", currency="EUR")))
    types(RINA, claim, TypedLine(rate=Decimal("15.5"), granted=Decimal(100), reason="over_usual_price"))
    decides(RINA, claim)
    line = claim.lines.get()
    assert (line.rate, line.rate_source) == (Decimal("15.5"), "desk")
    decided = DecidedLine.objects.get()
    assert (decided.billed, decided.granted, decided.own_share) == (155, 100, 55)
    assert [(cut["code"], cut["amount"]) for cut in decided.cuts] == [("share", "31.00"), ("over_usual_price", "24.00")]


@pytest.mark.usefixtures("_small_authority")
def test_a_sum_above_ones_authority_goes_to_a_second_person(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert decides(RINA, claim).came_to == "second_review"
    claim = reread(claim)
    assert (claim.state, Decision.objects.count()) == ("second_review", 0)
    assert claim.assessment.assessed_name == "Rina"
    assert_refused(taken_by(RINA, claim), Why.NO_RIGHT, "senior-assessor")
    assert confirms(MAYA, claim).came_to == "decided"
    claim = reread(claim)
    assert (claim.state, claim.decisions.get().by_id) == ("to_be_paid", str(MAYA.pk))


@pytest.mark.usefixtures("_small_authority")
def test_a_senior_never_confirms_their_own_assessment(budi: Account) -> None:
    claim = takes(MAYA, sent(budi))
    assert decides(MAYA, claim).came_to == "second_review"
    assert_refused(taken_by(MAYA, reread(claim)), Why.ASSESSED_IT, "senior-assessor")
    assert confirms(TONO, reread(claim)).came_to == "decided", "two with the highest authority decide together"


@pytest.mark.usefixtures("_small_authority")
def test_who_confirms_needs_the_authority_for_the_sum(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    assert not may_confirm(AGUS, claim, Decimal(120))
    assert may_confirm(AGUS, claim, Decimal(100))
    assert may_confirm(MAYA, claim, Decimal(120))


@pytest.mark.usefixtures("_small_authority")
def test_what_is_sent_back_with_a_remark_goes_on_with_all_that_was_typed(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "119")
    decides(RINA, claim)
    takes(MAYA, reread(claim))
    send_back(claim=claim, remark="Is this the usual price?", staff=MAYA, by=MAYA.actor)
    assert reread(claim).state == "assessed"
    claim = takes(RINA, reread(claim))
    assert (claim.state, claim.assessment.remark) == ("in_review", "Is this the usual price?")
    assert assessed(claim).granted == 119
    lowers(RINA, claim, "90")
    assert decides(RINA, claim).came_to == "decided", "now it is within their authority"
    assert Event.objects.filter(kind="claim.sent_back", actor_id=str(MAYA.pk)).count() == 1


def test_more_than_the_rules_allow_needs_a_second_person_whatever_the_sum(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    lowers(RINA, claim, "150", reason="")
    assert decides(RINA, claim).came_to == "second_review"
    assert confirms(MAYA, reread(claim)).came_to == "decided"
    assert DecidedLine.objects.get().granted == 150


@pytest.mark.usefixtures("_small_authority")
def test_neither_who_assessed_nor_who_confirmed_decides_the_appeal(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    decides(RINA, claim)
    confirms(MAYA, reread(claim))
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    for staff in (RINA, MAYA):
        assert_refused(taken_by(staff, reread(claim)), Why.TOOK_PART, "assessor")
    claim = takes(AGUS, reread(claim))
    assert decides(AGUS, claim).came_to == "second_review"
    assert_refused(taken_by(MAYA, reread(claim)), Why.TOOK_PART, "senior-assessor")
    assert confirms(TONO, reread(claim)).came_to == "decided"


def test_a_decision_that_is_kept_after_an_appeal_says_so_in_the_preview(budi: Account) -> None:
    claim = takes(RINA, sent(budi))
    decides(RINA, claim)
    appeal(account=budi, claim=claim.pk, text="Look again.", by=actor(budi))
    claim = takes(AGUS, reread(claim))
    headline = preview(assessed(claim))["en"].headline
    assert "kept the decision" in headline
    decides(AGUS, claim)
    change = claim.changes.exclude(code="").latest("pk")
    assert (change.code, change.sentence("en")) == ("decision_kept", headline)
