"""Enters a claim in the member's place: the same draft, the same files and the same sending as the member's own."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.drafts import flows as drafts
from mypolis.insurance.claims.drafts.fields import treatment_fields
from mypolis.insurance.claims.drafts.missing import Missing, missing
from mypolis.insurance.claims.drafts.pages.forms import BILL
from mypolis.insurance.claims.drafts.pages.sheets import Sheet
from mypolis.insurance.claims.entering.choices import Choice
from mypolis.insurance.claims.entering.papers import Place, open_draft
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim, Line
from mypolis.membership.accounts.models import Account

LONGEST_AGO: Final = timedelta(days=60)
"""How long before the day of entering a claim may have come."""

type Way = Literal["phone", "post", "person"]


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a colleague typed.

    `treatment` has the values of the fields of the treatment by name, each of `bills` those of one bill
    (`drafts.pages.sheets`). `pay_to` is the key of one of the member's bank accounts. The scans were kept before.
    """

    came_by: Way
    came_on: date
    treatment: Mapping[str, Any]
    bills: Sequence[Mapping[str, Any]]
    pay_to: UUID


@transaction.atomic
def enter(place: Place, entry: Entry, *, by: Actor) -> Claim:
    """Enter and send a claim in the place of a member, all of it or nothing. Entering it again changes nothing.

    Raises what `papers.open_draft` and `drafts.flows.save` raise, and Incomplete.
    """
    draft = open_draft(place, by=by)
    if not draft.is_draft:
        return draft
    draft.came_by, draft.came_on, draft.account = entry.came_by, entry.came_on, place.account
    draft.save(update_fields=["came_by", "came_on", "account"])
    _save(place, draft, entry, by=by)
    sent = submit(account=place.account, claim=draft.pk, by=by)
    day = entry.came_on.isoformat()
    record(ClaimEvent.CLAIM_ENTERED, market=sent.market, by=by, subject=sent, way=entry.came_by, day=day)
    return sent


def lacking(
    draft: Claim,
    choice: Choice,
    *,
    treatment: Mapping[str, Any],
    bills: Sequence[Mapping[str, Any]],
    files: Iterable[ReceivedFile],
) -> list[Missing]:
    """What would keep a claim from being sent, without saving anything. `draft` is `blank`; this fills it.

    The bank account is left out: the form requires one.
    """
    for field in treatment_fields(choice.benefit):
        if field.in_details:
            draft.details[field.name] = treatment.get(field.name)
        else:
            setattr(draft, field.name, treatment.get(field.name))
    lines = [Line(date=one.get(f"{BILL}date") or draft.treated_on, amount=one.get(f"{BILL}amount")) for one in bills]
    found = missing(draft, choice.benefit, lines, files, draft.profile.today())
    return [one for one in found if one.field != "pay_to"]


def blank(account: Account, choice: Choice) -> Claim:
    """A claim of this choice with nothing in it, which is not saved."""
    return Claim(market=account.market, account=account, membership=choice.membership, benefit=choice.benefit.key)


def _save(place: Place, draft: Claim, entry: Entry, *, by: Actor) -> None:
    """Save the treatment and all bills at once: many bills are one change of the claim."""
    sheet = sheet_of(place.account, place.choice, has_treatment=True)
    changes = sheet.changes_with_bills(draft, entry.treatment, entry.bills)
    drafts.save_newest(account=place.account, claim=draft.pk, changes={**changes, "pay_to": entry.pay_to}, by=by)


def sheet_of(account: Account, choice: Choice, *, has_treatment: bool, line: UUID | None = None) -> Sheet:
    """The fields of the treatment, or of one bill, without what would show the member's earlier claims."""
    return Sheet(
        account=account,
        plan=choice.plan,
        benefit=choice.benefit,
        has_treatment=has_treatment,
        line=line,
        with_cases=False,
    )
