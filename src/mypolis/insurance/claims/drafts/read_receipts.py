"""Bills that the codes on receipts suggest. A code never overwrites what somebody typed."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from mypolis.foundation.events import Actor
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.fields import needs_bills
from mypolis.insurance.claims.drafts.flows import MOST_LINES, LineData, save_newest
from mypolis.insurance.claims.drafts.pages.sheets import line_data
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.receipts.reading import read_code
from mypolis.insurance.claims.receipts.suggestion import Suggestion
from mypolis.membership.accounts.models import Account


def suggest_bills(*, account: Account, draft: Claim, codes: Iterable[str], by: Actor) -> None:
    """Add a bill for each code of a receipt, unless the draft has a bill with that sum; that one gets a missing day.

    Codes that prove no payment (refunds, copies and the like), are damaged, or have a day in the future are left out.
    Does nothing if the member may no longer change the draft.
    """
    today = draft.profile.today()
    read = [found for text in codes if (found := read_code(text, draft.profile.zone)) is not None]
    usable = [one for one in read if one.is_proof_of_payment and one.trust != "damaged" and one.day <= today]
    benefit = benefit_of(draft)
    if not usable or benefit is None or not needs_bills(benefit):
        return

    def lines(newest: Claim) -> dict[str, Any]:
        found = [line_data(row) for row in newest.lines.all()]
        for one in usable:
            found = _with(one, found, newest)
        return {"lines": found[:MOST_LINES]}

    try:
        save_newest(account=account, claim=draft.pk, changes=lines, by=by)
    except access.UnknownClaim:
        return


def _with(one: Suggestion, lines: list[LineData], draft: Claim) -> list[LineData]:
    same = next((line for line in lines if line.amount == one.amount), None)
    if same is None:
        read = LineData(
            date=one.day,
            benefit=draft.benefit,
            number=one.number,
            amount=one.amount,
            currency=one.currency,
            read_from="code",
        )
        return [*lines, read]
    return [replace(line, date=one.day) if line is same and line.date is None else line for line in lines]
