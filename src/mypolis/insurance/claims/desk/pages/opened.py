"""A claim that somebody opened at the desk, and how much of it they may see."""

from dataclasses import dataclass
from typing import Literal

from django.http import Http404, HttpRequest

from mypolis.foundation.staff.access import signed_in
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.web import cookies
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.desk.in_hand import note_opening
from mypolis.insurance.claims.desk.looking import may_look
from mypolis.insurance.claims.desk.may_work import right_for
from mypolis.insurance.claims.desk.outcomes.duplicates import CAN_END
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import AssessmentDraft, Claim, ClaimInHand, WaitingDecision
from mypolis.insurance.claims.rights import HAND_OVER_CLAIMS
from mypolis.membership.family.staff_relations.colleagues import is_own_or_family

LOOK_COOKIE = "desk-look"
"""The name of the cookie with the pass to look at a claim."""


@dataclass(frozen=True)
class Opened:
    """A claim, and how it is open to `staff`: in their hands, to look at, or `closed`: then no health data is shown.

    `is_own`: it is theirs or their family's, and closed whatever they do.
    """

    claim: Claim
    staff: StaffAccount
    how: Literal["in_hand", "looking", "closed"]
    is_own: bool = False

    @property
    def holder(self) -> ClaimInHand | None:
        """Who has it in hand."""
        found: ClaimInHand | None = getattr(self.claim, "in_hand", None)
        return found

    @property
    def draft(self) -> AssessmentDraft | None:
        """What was typed about it."""
        found: AssessmentDraft | None = getattr(self.claim, "assessment", None)
        return found

    @property
    def entered(self) -> WaitingDecision | None:
        """A decision that is not recorded yet, or that was stopped."""
        found: WaitingDecision | None = getattr(self.claim, "waiting_decision", None)
        return found

    @property
    def waits(self) -> bool:
        """Whether a decision is about to be recorded; until then nothing else can be done."""
        return self.entered is not None and not self.entered.is_stopped

    @property
    def may_undo(self) -> bool:
        """Whether they can take that decision back."""
        return self.entered is not None and self.waits and self.entered.staff == self.staff.pk

    @property
    def is_mine(self) -> bool:
        """Whether they have it in hand."""
        return self.holder is not None and self.holder.staff == self.staff.pk

    @property
    def may_change(self) -> bool:
        """Whether they may change lines now."""
        return self.how == "in_hand" and self.claim.in_state == State.IN_REVIEW and not self.waits

    @property
    def may_decide(self) -> bool:
        """Whether they may decide it, or confirm what somebody else assessed."""
        states = (State.IN_REVIEW, State.SECOND_REVIEW)
        return self.how == "in_hand" and self.claim.in_state in states and not self.waits

    @property
    def may_take(self) -> bool:
        """Whether their roles allow to take it in its state."""
        return self.staff.may(right_for(self.claim), self.claim.market)

    @property
    def may_end_as_duplicate(self) -> bool:
        """Whether they may end it because another claim has the same bills."""
        is_open = self.claim.in_state in CAN_END and self.claim.decided_at is None
        return self.how == "in_hand" and is_open and not self.waits

    @property
    def may_hand_over(self) -> bool:
        """Whether they may give it to a colleague: what they have in hand, or anybody's; never their family's."""
        return not self.is_own and (self.is_mine or self.staff.may(HAND_OVER_CLAIMS, self.claim.market))


def open_claim(request: HttpRequest, market: str, number: str) -> Opened:
    """A sent claim of a market, with its membership, policy, person, draft and holder. Raises Http404."""
    rows = Claim.objects.sent().select_related("membership__policy", "membership__person", "pay_to", "account")
    claim = (
        rows.select_related("in_hand", "assessment", "waiting_decision").filter(market=market, number=number).first()
    )
    if claim is None:
        raise Http404("no such claim")
    return opened(request, claim)


def opened(request: HttpRequest, claim: Claim) -> Opened:
    """How a claim is open to whoever sent the request. Records the first opening on each day."""
    staff = signed_in(request)
    is_closed = is_own_or_family(staff.pk, claim.membership)
    found: ClaimInHand | None = getattr(claim, "in_hand", None)
    if is_closed:
        return Opened(claim, staff, "closed", is_own=True)
    if found is not None and found.staff == staff.pk:
        if found.opened_on != claim.profile.today():
            note_opening(claim=claim, staff=staff, by=actor_of(request))
        return Opened(claim, staff, "in_hand")
    given = cookies.read(request, LOOK_COOKIE, claim.market)
    return Opened(claim, staff, "looking" if given and may_look(claim, staff, given) else "closed")


def open_health(request: HttpRequest, market: str, number: str) -> Opened:
    """A claim that is in somebody's hands, or that they look at for a stated reason. Raises Http404 for any other."""
    found = open_claim(request, market, number)
    if found.how == "closed":
        raise Http404("not in their hands")
    return found
