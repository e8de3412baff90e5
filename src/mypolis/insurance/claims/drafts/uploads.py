"""What members may upload for a claim: photos and PDFs for a draft, a claim that waits for them, and an appeal."""

from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims import access
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.drafts.flows import remove_file, touch
from mypolis.insurance.claims.drafts.missing import wanted_documents
from mypolis.insurance.claims.lifecycle.following import may_appeal
from mypolis.insurance.claims.lifecycle.states import NotAllowed, State
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.uploads.errors import NoSuchTarget, NotAccepted
from mypolis.membership.uploads.targets import Metadata, Target

MOST_FILES = 60
"""How many files a claim may have."""
MOST_BYTES = 300 * 1024 * 1024
"""How large they may be together."""
MOST_BYTES_OF_DRAFTS = 1024 * 1024 * 1024
"""How large the files of all drafts of one member may be together: nobody fills the disk without sending anything."""


def claim_of(account: Account, metadata: Metadata, by: Actor) -> Claim:
    """The claim for which a file is uploaded, locked. Raises NoSuchTarget or NotAccepted."""
    try:
        claim = access.own(account, metadata.get("claim", ""))
    except access.UnknownClaim:
        raise NoSuchTarget from None
    if claim.state not in (State.DRAFT, State.WAITING) and not may_appeal(claim):
        raise NotAccepted(_("This claim was sent already, so it takes no more files now."))
    if metadata.get("document", "") not in _kinds(claim):
        raise NotAccepted(_("Please reload the page: this claim does not ask for this paper any more."))
    _check_room_for_more(claim)
    return claim


def _check_room_for_more(claim: Claim) -> None:
    """Raises NotAccepted."""
    files = ReceivedFile.objects.of(claim).aggregate(count=Count("pk"), bytes=Sum("size", default=0))
    if files["count"] >= MOST_FILES:
        raise NotAccepted(_("This claim has the most files that it can have. Put several pages into one PDF."))
    if files["bytes"] >= MOST_BYTES:
        raise NotAccepted(_("The files of this claim are too large together. Send photos, or a smaller PDF."))
    drafts = Claim.objects.drafts().filter(account=claim.account)
    if claim.is_draft and ReceivedFile.objects.of_any(drafts).aggregate(all=Sum("size", default=0))["all"] >= (
        MOST_BYTES_OF_DRAFTS
    ):
        raise NotAccepted(_("Your drafts have the most files that we can keep. Send or delete one of them first."))


def _kinds(claim: Claim) -> set[str]:
    benefit = benefit_of(claim)
    wanted = {document.key for document in wanted_documents(benefit)} if benefit else set()
    return {OTHER, *wanted, *claim.questions.exclude(document="").values_list("document", flat=True)}


def file_came(received: ReceivedFile, by: Actor) -> None:
    """Give a draft a new version after a new file, so that other devices notice it."""
    claim = _owner_of(received)
    if claim.is_draft:
        touch(claim, by=by)


def file_goes(account: Account, received: ReceivedFile, by: Actor) -> None:
    """Remove a file from a draft. Raises NotAccepted if the claim was sent."""
    try:
        remove_file(account=account, claim=_owner_of(received).pk, file=received.pk, by=by)
    except (access.UnknownClaim, NotAllowed):
        raise NotAccepted(_("This claim was sent already, so its files stay.")) from None


def _owner_of(received: ReceivedFile) -> Claim:
    return Claim.objects.select_for_update().get(pk=UUID(received.owner.partition(":")[2]))


TARGET = Target(key="claim", find=claim_of, received=file_came, remove=file_goes)
