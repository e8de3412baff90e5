"""What a member reads about a claim's state: what happened, and what comes next and by when."""

from collections.abc import Mapping

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.clinic_bills.answers import answer_about, is_disputed
from mypolis.insurance.claims.lifecycle.states import UNDECIDED, State
from mypolis.insurance.claims.models import Claim, Payment

type Facts = Mapping[str, object]

_HAPPENED: Mapping[State, Promise] = {
    State.DRAFT: gettext_lazy("You began this claim."),
    State.SUBMITTED: gettext_lazy("You sent this claim. We are checking your files."),
    State.RECEIVED: gettext_lazy("We have all your papers."),
    State.IN_REVIEW: gettext_lazy("Somebody is looking at your claim."),
    State.WAITING: gettext_lazy("We need something from you."),
    State.ASSESSED: gettext_lazy("Your claim has been assessed."),
    State.SECOND_REVIEW: gettext_lazy("A second person is checking the assessment."),
    State.APPROVED: gettext_lazy("We approved your claim."),
    State.PARTLY_APPROVED: gettext_lazy("We approved a part of your claim. You can read why, line by line."),
    State.REJECTED: gettext_lazy("We could not approve your claim. You can read why, line by line."),
    State.TO_BE_PAID: gettext_lazy("The payment is being prepared."),
    State.PAID: gettext_lazy("We paid."),
    State.PAYMENT_FAILED: gettext_lazy("The payment came back."),
    State.WITHDRAWN: gettext_lazy("You withdrew this claim."),
    State.LAPSED: gettext_lazy("This claim has lapsed."),
    State.APPEALED: gettext_lazy("You asked us to look again. Somebody who did not decide before will do so."),
    State.DUPLICATE: gettext_lazy("We have this claim already under another number."),
}

_CLINIC_HAPPENED: Mapping[State, Promise] = {
    State.RECEIVED: gettext_lazy("A clinic sent us this bill. You need not pay it or send anything."),
    State.IN_REVIEW: gettext_lazy("Somebody is looking at the clinic’s bill."),
    State.APPROVED: gettext_lazy("We pay the clinic’s bill."),
    State.PARTLY_APPROVED: gettext_lazy("We pay a part of the clinic’s bill. You can read why, line by line."),
    State.REJECTED: gettext_lazy("We do not pay the clinic’s bill. You can read why, line by line."),
}
"""What happened to a claim that a clinic billed directly, where the sentence of other claims does not fit."""

_ENTERED: Mapping[str, Promise] = {
    "phone": gettext_lazy("On %(day)s you called us, and your insurer entered this claim for you."),
    "post": gettext_lazy("On %(day)s your papers came by post, and your insurer entered this claim for you."),
    "person": gettext_lazy("On %(day)s you came to our office, and your insurer entered this claim for you."),
}
"""What happened to a claim that a colleague entered, by the way in which it came."""

_TOLD_BY_REASON = frozenset({State.WITHDRAWN, State.PAYMENT_FAILED})
"""States whose reason already says what happened."""


def sentence_for(claim: Claim, to: State, code: str, facts: Facts) -> str:
    """The sentence about a change of state, in the current language: what happened, then the reason.

    The fact `is_entered` says that a colleague sent the claim in the member's place.
    """
    if to == State.SUBMITTED and facts.get("is_entered") and claim.came_on is not None:
        return str(_ENTERED[claim.came_by]) % {"day": date_format(claim.came_on, "DATE_FORMAT")}
    happened = str((_HAPPENED if claim.origin == "member" else {**_HAPPENED, **_CLINIC_HAPPENED})[to])
    if not code:
        return happened
    said = sentence(code, facts)
    return said if to in _TOLD_BY_REASON or code == "nothing_due" else f"{happened} {said}"


_ANOTHER: Mapping[State, Promise] = {
    State.SUBMITTED: gettext_lazy("%(name)s sent this claim. We are checking the files."),
    State.WAITING: gettext_lazy("We need something from %(name)s."),
    State.WITHDRAWN: gettext_lazy("%(name)s withdrew this claim."),
    State.APPEALED: gettext_lazy("%(name)s asked us to look again. Somebody who did not decide before will do so."),
}
"""What somebody reads whose claim another member made: a proxy, or a parent."""


def sentence_about(maker: str, to: State) -> str:
    """The sentence about what the member with this name did, for other readers; empty if it is the same for all."""
    return str(_ANOTHER[to]) % {"name": maker} if to in _ANOTHER else ""


def next_step_of(maker: str, claim: Claim) -> str:
    """What the member with this name does next, for other readers; empty if the next step is not theirs."""
    match claim.in_state:
        case State.WAITING:
            return _("%(name)s needs to answer our questions. Our deadline is paused until then.") % {"name": maker}
        case State.PAYMENT_FAILED:
            return _("%(name)s needs to choose another account, and we pay again.") % {"name": maker}
        case _:
            return ""


def next_step(claim: Claim, payee: str = "") -> str:
    """What comes next, in the current language; empty when nothing does.

    `payee` is the name of whose account it is paid to, if that is not the reader's.
    """
    if claim.origin == "clinic":
        return _of_clinic_bill(claim)
    match claim.in_state:
        case State.DRAFT:
            return _("Complete the claim and send it.")
        case State.SUBMITTED:
            return _("We check your files, which takes a few minutes.")
        case State.WAITING:
            return _("Answer our questions. Our deadline is paused until you do.")
        case State.RECEIVED | State.IN_REVIEW | State.ASSESSED | State.SECOND_REVIEW:
            return _("We decide.")
        case State.APPEALED:
            return _("We decide about your appeal.")
        case State.APPROVED | State.PARTLY_APPROVED | State.TO_BE_PAID:
            is_open = any(payment.state == Payment.TO_BE_PAID for payment in claim.payments.all())
            if not is_open:
                return ""
            return _("We pay to the account of %(name)s.") % {"name": payee} if payee else _("We pay to your account.")
        case State.PAYMENT_FAILED:
            return _("Choose another account, and we pay again.")
        case _:
            return ""


def _of_clinic_bill(claim: Claim) -> str:
    if claim.in_state not in UNDECIDED:
        return ""
    if is_disputed(claim):
        return _("We look into this bill before we pay it.")
    if answer_about(claim) is None:
        return _("We settle the bill with the clinic. Did this treatment take place? Please answer.")
    return _("We settle the bill with the clinic.")
