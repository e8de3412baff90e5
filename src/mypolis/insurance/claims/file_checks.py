"""What happens to a claim once one of its files was checked."""

from typing import cast
from uuid import UUID

from django.utils import translation
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.foundation.files.cleaning.reasons import Reason
from mypolis.foundation.files.cleaning.refusal_texts import refusal_text
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.read_receipts import suggest_bills
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.changing import renew
from mypolis.insurance.claims.lifecycle.sending import receive_if_complete
from mypolis.insurance.claims.lifecycle.states import CHANGES, State
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.coverage.plan_books.benefit_texts import say


def checked(*, received: ReceivedFile, codes: tuple[str, ...], by: Actor) -> None:
    """Act on the result of a check: a file is clean or refused. Ignores files that are not a claim's.

    A refused file of a sent claim becomes a question. Codes on a clean file suggest bills for a draft. A sent claim
    counts as received once none of its files is being checked. A draft keeps its version, so that nobody's save is
    refused because of a check.
    """
    label, _colon, key = received.owner.partition(":")
    if label != Claim._meta.label_lower:
        return
    claim = Claim.objects.select_for_update().select_related("membership__policy").get(pk=UUID(key))
    if not claim.is_draft:
        renew(claim)  # core systems read the result of the check
    if received.state == ReceivedState.REFUSED:
        _ask_again(claim, received, by=by)
    elif claim.is_draft and claim.account is not None:
        suggest_bills(account=claim.account, draft=claim, codes=codes, by=by)
    receive_if_complete(claim, by=by)


def _ask_again(claim: Claim, received: ReceivedFile, *, by: Actor) -> None:
    """Ask the member for another file, if the claim was sent and its state allows a question."""
    can_wait = claim.state == State.WAITING or State.WAITING in CHANGES[claim.in_state]
    if claim.is_draft or not can_wait:
        return
    language = claim.account.language if claim.account is not None else claim.profile.default_language
    with translation.override(language):
        reason = refusal_text(cast("Reason", received.reason))
        text = _("“%(document)s”: %(reason)s") % {"document": _name_of(claim, received.kind), "reason": reason}
    ask(
        claim=claim,
        questions=[NewQuestion(text=text, id=f"file/{received.pk}", code="unreadable", document=received.kind)],
        by=by,
    )
    claim.refresh_from_db(fields=["state"])


def _name_of(claim: Claim, kind: str) -> str:
    benefit = benefit_of(claim)
    names = {document.key: say(document.name) for document in benefit.documents} if benefit else {}
    return names.get(kind) or _("Other papers")
