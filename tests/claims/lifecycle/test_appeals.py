"""An appeal ends with a decision: it is neither withdrawn nor does it lapse, and a decision may be kept."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mypolis.insurance.claims import jobs
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.following import Answer, answer, appeal, may_appeal, withdraw
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.models import Claim, Decision
from mypolis.insurance.claims.pages.claim_list import claim_page, may_have_open_claims, open_claims
from mypolis.insurance.claims.presenters import shown
from mypolis.insurance.coverage.models import Entry
from mypolis.membership.accounts.models import Account
from tests.claims.app import App
from tests.claims.core_system.program import Core, said
from tests.claims.verdicts import CORE, decide_again, decided, later, questioned
from tests.claims.world import actor, reread


def appealed(account: Account, granted: str = "100", *, is_paid: bool = False) -> Claim:
    """A claim whose decision the member appealed."""
    claim = decided(account, granted, "partly_approved" if granted != "0" else "rejected")
    if is_paid:
        pay(claim=claim, state="paid", at=timezone.now(), by=CORE)
    appeal(account=account, claim=claim.pk, text="The limit is higher.", by=actor(account))
    return reread(claim)


def test_an_appeal_with_an_unanswered_question_goes_on_and_does_not_lapse(budi: Account) -> None:
    claim = questioned(appealed(budi))
    entries = Entry.objects.count()
    jobs.lapse_unanswered(claim.profile, later(claim, 31))
    claim = reread(claim)
    assert (claim.state, claim.answer_by) == ("in_review", None)
    assert claim.promised_by is not None
    assert Entry.objects.count() == entries, "what the decision uses of limits stays used"
    change = claim.changes.latest("pk")
    assert (change.code, change.by_kind) == ("no_answer", "system")
    assert "send the claim again" not in change.sentence("en")
    assert decide_again(claim, "120").state == "to_be_paid"


@pytest.mark.parametrize("state", ["waiting_for_member", "in_review", "assessed"])
def test_an_appeal_is_not_withdrawn(budi: Account, state: str) -> None:
    claim = questioned(appealed(budi))
    Claim.objects.filter(pk=claim.pk).update(state=state)
    assert "withdraw" not in App(budi).claim(claim)["can"]
    with pytest.raises(NotAllowed):
        withdraw(account=budi, claim=claim.pk, by=actor(budi))
    for to in (State.WITHDRAWN, State.LAPSED, State.DUPLICATE):
        who = {State.WITHDRAWN: "member", State.LAPSED: "system", State.DUPLICATE: "staff"}[to]
        with pytest.raises(NotAllowed):
            move(reread(claim), to, by=actor(budi), who=who)  # type: ignore[arg-type]


def test_an_answered_question_leads_back_to_the_review_of_the_appeal(budi: Account) -> None:
    claim = questioned(appealed(budi))
    answer(account=budi, claim=claim.pk, answers={claim.questions.get().pk: Answer(text="Yes.")}, by=actor(budi))
    assert reread(claim).state == "in_review"
    assert App(budi).claim(claim)["can"] == []


def test_the_same_decision_under_a_new_id_keeps_it_and_ends_the_appeal(budi: Account) -> None:
    core, claim = Core(), appealed(budi, "0")
    before = claim.decisions.get()
    old = said(claim, "0.00", "rejected", key="late", at=before.at + timedelta(microseconds=1))
    assert core.decide(claim, old).json()["came_to"] == "unchanged", "it was decided before the appeal"
    kept = said(claim, "0.00", "rejected", key="kept")
    first, again = core.decide(claim, kept), core.decide(claim, kept)
    assert (first.json()["came_to"], first.json()) == ("decided", again.json())
    assert (reread(claim).state, Decision.objects.count()) == ("rejected", 2)
    change = claim.changes.latest("pk")
    assert change.code == "decision_kept"
    assert "Somebody else looked again and kept the decision." in change.sentence("en")


def test_a_message_with_a_payment_reports_the_payment_and_leaves_the_appeal_open(budi: Account) -> None:
    core, claim = Core(), appealed(budi)
    paid = {"state": "paid", "at": timezone.now().isoformat(), "amount": "100.00"}
    assert core.decide(claim, said(claim, key="p1", payment=paid)).json()["came_to"] == "paid"
    assert (reread(claim).state, Decision.objects.count()) == ("appealed", 1)
    assert App(budi).claim(claim)["payment"]["state"] == "paid"


@pytest.mark.parametrize(("granted", "paid"), [("100", "100.00"), ("80", "100.00")])
def test_a_claim_that_was_paid_and_gets_no_more_after_its_appeal_is_over(
    budi: Account, granted: str, paid: str
) -> None:
    claim = decide_again(appealed(budi, is_paid=True), granted)
    assert (claim.state, claim.promised_by) == ("paid", None)
    assert not may_have_open_claims(budi)
    assert open_claims(budi, 10) == []
    assert [section.name for section in claim_page(budi).sections] == ["over"]
    assert Claim.objects.open().count() == 0
    document = App(budi).claim(claim)
    assert (document["next"], document["payment"]["amount"]) == (None, paid)
    assert document["timeline"][-1]["text"] == "What we grant was paid before, so no further payment follows."


def test_a_decision_that_grants_nothing_leaves_nothing_open(budi: Account) -> None:
    claim = decided(budi, "0", "partly_approved")
    assert (claim.state, may_have_open_claims(budi)) == ("partly_approved", False)


def test_the_queries_of_a_list_do_not_grow_with_decisions_and_appeals(budi: Account) -> None:
    def queries() -> int:
        claims = list(Claim.objects.filter(account=budi))
        with CaptureQueriesContext(connection) as captured:
            for one in shown(claims, budi):
                assert one.can is not None
        return len(captured)

    appealed(budi)
    few = queries()
    for granted in ("90", "0"):
        claim = decided(budi, granted, "partly_approved" if granted != "0" else "rejected")
        assert may_appeal(claim)
    assert queries() <= few <= 12
