"""What assessors read about states, stale drafts and lines that cannot be decided yet."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from mypolis.foundation.rooms import Text
from mypolis.insurance.claims.desk.basis import Changed
from mypolis.insurance.claims.lifecycle.states import STATE_LABELS, State

STATES: Mapping[State, Promise] = {
    **STATE_LABELS,
    State.SUBMITTED: _("Files are checked"),
    State.RECEIVED: _("Received"),
    State.IN_REVIEW: _("In review"),
    State.WAITING: _("Waits for the member"),
    State.ASSESSED: _("Sent back"),
    State.SECOND_REVIEW: _("Second review"),
    State.APPEALED: pgettext_lazy("state of a claim", "Appeal"),
    State.TO_BE_PAID: _("To be paid"),
}
"""The badge of a claim at the desk. An assessed claim goes on at once, so one that stays there was sent back."""
BADGES: Mapping[State, str] = {
    State.RECEIVED: "brand",
    State.APPEALED: "brand",
    State.ASSESSED: "warn",
    State.SECOND_REVIEW: "brand",
    State.PAYMENT_FAILED: "warn",
    State.APPROVED: "good",
    State.PARTLY_APPROVED: "good",
    State.TO_BE_PAID: "good",
    State.PAID: "good",
}
CHANGED: Mapping[Changed, Promise] = {
    Changed.CLAIM: _("The claim itself changed: an answer, a paper or another decision came."),
    Changed.PLAN: _("The plan of a day of treatment changed."),
    Changed.LIMITS: _("Something was used of a limit, or given back."),
}
PROBLEMS: Mapping[str, Promise] = {
    "no_lines": _("The claim has no bills, so there is nothing to decide. Ask the member."),
    "no_rule": _("A date, a sum or the benefit is missing. Ask the member."),
    "question": _("This line cannot be decided yet."),
    "too_much": _("More is granted than was billed."),
    "no_reason": _("Choose the reason for which less is granted."),
}
"""By the codes of `assessment.AssessedLine.problem`."""
QUESTIONS: Mapping[str, Promise] = {
    "rate_missing": _("The exchange rate of this bill is missing. Enter it."),
    "plan_unknown": _("We do not know the plan of this day. Correct it in the list of insured people."),
}
"""What keeps the rules from deciding a line, by reason. The member reads that we are looking into it."""
FIELD_PROBLEMS: Mapping[str, Text] = {
    "rate": _("Enter how much one unit of the bill’s currency is in the plan’s."),
    "granted": _("A refused line grants nothing. Remove the sum or the refusal."),
    "line": _("This line is not part of the claim any more."),
}
DRAFT_CHANGED = _("This assessment was changed meanwhile, by you in another tab or by a colleague. Check it again.")
NOT_PREVIEWED = _("What the member will read has changed. Please read it again.")
