"""Scans of a claim that is being entered. They are kept from the first round on, whatever else is wrong in the form.

They belong to a draft that has no member yet: `account` is empty, so neither the member nor anybody who acts for them
can see it. `came_by` and `came_on` are provisional until the claim is sent.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.foundation.files.receiving import remove_received
from mypolis.foundation.guards.flows import spend
from mypolis.insurance.claims.access import UnknownClaim
from mypolis.insurance.claims.drafts import flows as drafts
from mypolis.insurance.claims.entering.choices import Choice, OwnOrFamily
from mypolis.insurance.claims.entering.kept import KEPT
from mypolis.insurance.claims.limits import CLAIMS_ENTERED
from mypolis.insurance.claims.models import Claim, ClaimQuerySet
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import close_among
from mypolis.membership.uploads.errors import UploadError
from mypolis.membership.uploads.form_files import received_from_form

type Papers = Mapping[str, "Sequence[UploadedFile[bytes]]"]


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a colleague enters a claim: for whom, and under which key. `staff` is the key of the colleague's account.

    `key` becomes the id of the claim, so that a form that is sent twice enters one claim.
    """

    account: Account
    choice: Choice
    key: UUID
    staff: int


@dataclass(frozen=True)
class Refused:
    """A file that was not kept, and why."""

    kind: str
    name: str
    error: UploadError


def open_draft(place: Place, *, by: Actor) -> Claim:
    """The claim of this key, locked: one that was begun or sent before, or a new draft, which the member cannot see.

    Raises OwnOrFamily, UnknownClaim if the key is that of another claim, what `drafts.flows.begin` raises, and
    LimitReached if this colleague began too many.
    """
    if close_among(place.staff, {place.account.person_id, place.choice.membership.person_id}):
        raise OwnOrFamily
    known = _known(place)
    if known is None:
        spend(CLAIMS_ENTERED, str(place.staff), market=place.account.market)  # lets a second request wait for the first
        known = _known(place)
    return _begun(place, by=by) if known is None else known


def _known(place: Place) -> Claim | None:
    """The claim of this key. Raises UnknownClaim if it is not one that this colleague enters here."""
    found = Claim.objects.select_for_update(of=("self",)).filter(pk=place.key).first()
    if found is None:
        return None
    is_here = (found.membership_id, found.benefit) == (place.choice.membership.pk, place.choice.benefit.key)
    is_ours = found.account_id is None if found.is_draft else found.account_id == place.account.pk
    if found.entered_by != place.staff or not is_ours or (found.is_draft and not is_here):
        raise UnknownClaim  # for example a draft of the member's own, whose key stands in the member's addresses
    return found


def _begun(place: Place, *, by: Actor) -> Claim:
    cover, benefit = str(place.choice.membership.pk), place.choice.benefit.key
    draft = drafts.begin(account=place.account, membership=cover, benefit=benefit, by=by, key=place.key)
    draft.came_by, draft.came_on = "post", place.account.profile.today()
    draft.entered_by, draft.account = place.staff, None
    draft.save(update_fields=["came_by", "came_on", "entered_by", "account"])
    return draft


@transaction.atomic
def keep(place: Place, papers: Papers, *, by: Actor) -> list[Refused]:
    """Keep the files of a form, by the kind of document; returns those that cannot be kept.

    Does nothing for a claim that was sent already. Raises what `open_draft` raises.
    """
    draft = open_draft(place, by=by)
    if not draft.is_draft:
        return []
    _give_to(place.account, draft)
    refused = [
        Refused(kind, file.name or "", error)
        for kind, files in papers.items()
        for file in files
        if (error := _kept(place, kind, file, by=by)) is not None
    ]
    _give_to(None, draft)
    return refused


def _kept(place: Place, kind: str, file: "UploadedFile[bytes]", *, by: Actor) -> UploadError | None:
    metadata = {"claim": str(place.key), "document": kind}
    try:
        with transaction.atomic():
            received_from_form(account=place.account, files=[file], metadata=metadata, by=by)
    except UploadError as error:
        return error
    return None


def _give_to(account: Account | None, draft: Claim) -> None:
    """Give the draft to the member, inside the caller's transaction: members' flows work on what the member owns."""
    Claim.objects.filter(pk=draft.pk).update(account=account)


def papers_of(place: Place) -> list[ReceivedFile]:
    """The files that were kept for a claim which this colleague is entering, oldest first."""
    draft = _held(place).first()
    return list(ReceivedFile.objects.of(draft).order_by("received_at", "pk")) if draft is not None else []


def sent_before(place: Place) -> Claim | None:
    """The claim of this key, if this colleague sent it already: the form came twice."""
    sent = Claim.objects.sent().filter(pk=place.key, account=place.account, entered_by=place.staff)
    return sent.first()


@transaction.atomic
def let_go(place: Place, file: UUID, *, by: Actor) -> None:
    """Remove a file that was kept. Does nothing if there is none, or if the claim was sent."""
    draft = _held(place).select_for_update().first()
    found = ReceivedFile.objects.of(draft).filter(pk=file).first() if draft is not None else None
    if draft is not None and found is not None:
        remove_received(received=found, by=by)
        drafts.touch(draft, by=by)


def _held(place: Place) -> ClaimQuerySet:
    choice = place.choice
    return Claim.objects.drafts().filter(
        pk=place.key,
        account=None,
        entered_by=place.staff,
        membership=choice.membership,
        benefit=choice.benefit.key,
    )


def given_up(market: str, now: datetime) -> ClaimQuerySet:
    """What colleagues of a market began to enter and left."""
    begun = Claim.objects.drafts().filter(account=None, entered_by__isnull=False)
    return begun.filter(market=market, touched_at__lt=now - KEPT)
