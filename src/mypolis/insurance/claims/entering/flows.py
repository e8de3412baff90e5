"""Enters a claim in the member's place: the same draft, the same files and the same sending as the member's own."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Literal
from uuid import UUID, uuid4

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.insurance.claims.access import UnknownClaim
from mypolis.insurance.claims.drafts import flows as drafts
from mypolis.insurance.claims.drafts.pages.sheets import Sheet
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import close_among
from mypolis.membership.people.models import Membership
from mypolis.membership.uploads.form_files import received_from_form

LONGEST_AGO: Final = timedelta(days=60)
"""How long before the day of entering a claim may have come."""

type Way = Literal["phone", "post", "person"]


class OwnOrFamily(Exception):
    """The claim would be the colleague's own or their family's."""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """For which cover a claim is entered, and what for. `plan` is that of today, in which `benefit` is."""

    membership: Membership
    plan: PlanDocument
    benefit: Benefit


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What a colleague typed.

    `key` becomes the id of the claim, so that a form that is sent twice enters one claim. `treatment` has the values of
    the fields of the treatment by name, each of `bills` those of one bill (`drafts.pages.sheets`). `papers` are files
    from `request.FILES`, by the kind of document. `pay_to` is the key of one of the member's bank accounts.
    """

    key: UUID
    choice: Choice
    came_by: Way
    came_on: date
    treatment: Mapping[str, Any]
    bills: Sequence[Mapping[str, Any]]
    papers: Mapping[str, "Sequence[UploadedFile[bytes]]"]
    pay_to: UUID


@transaction.atomic
def enter(*, account: Account, entry: Entry, staff: int, by: Actor) -> Claim:
    """Enter and send a claim in the place of a member, all of it or nothing. Entering it again changes nothing.

    `staff` is the key of the colleague's account. Raises OwnOrFamily, UnknownClaim if the key is that of a claim that
    this colleague did not enter, what `drafts.flows.start` and `save` and
    `received_from_form` raise, and Incomplete.
    """
    choice = entry.choice
    if close_among(staff, {account.person_id, choice.membership.person_id}):
        raise OwnOrFamily
    if Claim.objects.filter(pk=entry.key).exclude(entered_by=staff).exists():
        raise UnknownClaim  # for example a draft of the member's own, whose key stands in the member's addresses
    cover, benefit = str(choice.membership.pk), choice.benefit.key
    draft = drafts.start(account=account, membership=cover, benefit=benefit, by=by, key=entry.key)
    if not draft.is_draft:
        return draft
    draft.came_by, draft.came_on, draft.entered_by = entry.came_by, entry.came_on, staff
    draft.save(update_fields=["came_by", "came_on", "entered_by"])
    _save(account, draft, entry, by=by)
    for kind, files in entry.papers.items():
        metadata = {"claim": str(draft.pk), "document": kind}
        received_from_form(account=account, files=files, metadata=metadata, by=by)
    sent = submit(account=account, claim=draft.pk, by=by)
    day = entry.came_on.isoformat()
    record(ClaimEvent.CLAIM_ENTERED, market=sent.market, by=by, subject=sent, way=entry.came_by, day=day)
    return sent


def _save(account: Account, draft: Claim, entry: Entry, *, by: Actor) -> None:
    """Save the treatment, then bill after bill, as the pages of a draft do."""

    def save(sheet: Sheet, values: Mapping[str, Any]) -> None:
        drafts.save_newest(
            account=account,
            claim=draft.pk,
            changes=lambda newest: {**sheet.changes(newest, values), "pay_to": entry.pay_to},
            by=by,
        )

    save(sheet_of(account, entry.choice, has_treatment=True), entry.treatment)
    for bill in entry.bills:
        save(sheet_of(account, entry.choice, has_treatment=False, line=uuid4()), bill)


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
