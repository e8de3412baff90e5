"""What people at the desk and on a command line read about payment runs: refused, left out, unclear or sent back."""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from mypolis.insurance.claims.payments.due import HeldBack
from mypolis.insurance.claims.payments.refusals import RunRefusal
from mypolis.insurance.claims.payments.results import CameTo

REFUSALS: Final[Mapping[RunRefusal, Promise]] = {
    "no_bank": _("This market has no bank profile: another system pays its claims."),
    "not_a_person": _("Only a member of staff can do this."),
    "unknown": _("This market has no such payment run."),
    "withdrawn": _("This run was withdrawn."),
    "fetched": _(
        "Somebody has fetched the file, so the bank may pay it. If the bank refused the whole file, "
        "somebody who signed the run can withdraw it."
    ),
    "is_maker": _("You made this run. Somebody else must sign it."),
    "signed_before": _("You have signed this run. Somebody else must sign it, too."),
    "signed_by_two": _("Two people have signed this run already."),
    "concerned": _("This run pays you or your family. Somebody else must sign it."),
    "other_figures": _("These are not the number and the totals of this run."),
    "outdated": _("A payment has changed since this run was made. Withdraw the run and make a new one."),
    "not_signed": _("Two people must sign this run first."),
    "fetched_before": _("You have fetched this file before. A colleague can fetch it once, too."),
    "forgotten": _("The names and account numbers of this run were deleted."),
    "other_bytes": _("The file would differ from the one that was signed. Withdraw the run and make a new one."),
    "not_a_signer": _("Only somebody who signed this run can withdraw it now."),
    "answered": _("The bank has answered a payment of this run, so it did not refuse the file."),
}

LEFT_OUT: Final[Mapping[HeldBack, Promise]] = {
    "no_account": _("no account was chosen"),
    "account_just_chosen": _("the account was chosen less than a day ago, without a code"),
    "several_currencies": _("its payments are in several currencies"),
    "no_name": _("the account has no holder"),
    "first_character": _("the holder’s name begins with a character that is no letter"),
    "character": _("the bank does not take a character of the holder’s name"),
    "too_long": _("the holder’s name is too long for the bank"),
}

CAME_TO: Final[Mapping[CameTo, Promise]] = {
    "taken": _("recorded"),
    "unchanged": _("known before"),
    "repeated": _("the same line came before in this file"),
    "unknown": _("we sent no payment with this reference"),
    "not_fetched": _("nobody has fetched this payment’s file, so the bank cannot have it"),
    "impossible_day": _("the date is before the run was made, or in the future"),
    "failed_after_paid": _("the bank said “paid” before: ask the bank"),
    "paid_after_failed": _("the bank said “failed” before: ask the bank"),
    "known_otherwise": _("another system reported a different result: ask the bank"),
    "broken_row": _("the line is not complete"),
    "no_reference": _("there is no reference"),
    "unknown_state": _("the state must be “paid” or “failed”"),
    "no_date": _("there is no date that we can read"),
    "no_code": _("a failed payment needs a code"),
    "unknown_code": _("we do not know this code"),
    "contradicting": _("several lines about this reference contradict each other"),
}

CAME_BACK: Final[Mapping[str, Promise]] = {
    "account_wrong": _("the account number is not right"),
    "account_closed": _("the account is closed"),
    "account_name": _("the account is in another name"),
    "bank_later": _("the bank could not take the payment"),
}
"""Why a payment came back, by the bank's code."""
