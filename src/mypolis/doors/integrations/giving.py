"""Giving a token at the desk takes two people: a token can read claims, and administrators see no health data.

The first person gets the text, the second makes it work. Until then only its hash is kept, with the proposal.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from mypolis.doors.integrations.desk_rights import PARTNER_TOKENS
from mypolis.doors.integrations.flows import admit_token, new_text
from mypolis.doors.integrations.presenters import sentence_of
from mypolis.foundation.events import Actor
from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.foundation.lib.postgres.named_locks import lock_name
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.flows import propose
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import Approval, StaffAccount

type Payload = Mapping[str, Any]

_RECENT: Final = 20


@dataclass(frozen=True, kw_only=True)
class Proposed:
    """A proposal to give a token. `text` is the token, available only now; empty if the form came before."""

    approval: Approval
    text: str


@transaction.atomic
def propose_token(
    *, market: str, partner: str, may: Sequence[str], life: timedelta, form: UUID, proposer: StaffAccount, by: Actor
) -> Proposed:
    """Propose a token. The same `form` with the same contents is one proposal, however often it arrives.

    Raises NotYours.
    """
    lock_name(f"partner-token:{proposer.pk}")
    wish = {"partner": partner, "may": sorted(set(may)), "days": life.days, "form": str(form)}
    theirs = Approval.objects.filter(kind=PARTNER_TOKEN.name, market=market, proposed_by=proposer)
    for earlier in theirs.order_by("-pk")[:_RECENT]:
        if wish.items() <= earlier.payload.items():
            return Proposed(approval=earlier, text="")
    text = new_text()
    payload = {**wish, "token_hash": hash_token(text).hex()}
    approval = propose(kind=PARTNER_TOKEN, market=market, payload=payload, proposer=proposer, by=by)
    return Proposed(approval=approval, text=text)


def _facts(_market: str, payload: Payload) -> Sequence[tuple[Text, Text]]:
    days: int = payload["days"]
    valid = ngettext("%(count)s day from the approval", "%(count)s days from the approval", days) % {"count": days}
    return [
        (_("Partner"), payload["partner"]),
        (_("What the program may do"), sentence_of(payload["may"])),
        (_("Valid for"), valid),
    ]


def _give(market: str, payload: Payload, by: Actor) -> None:
    try:
        admit_token(
            market=market,
            partner=payload["partner"],
            may=payload["may"],
            life=timedelta(days=payload["days"]),
            token_hash=bytes.fromhex(payload["token_hash"]),
            by=by,
        )
    except ValueError:  # a right that the portal does not know any more
        raise Stale from None


PARTNER_TOKEN = ApprovalKind(
    name="partner-token",
    title=gettext_lazy("Give a token to a partner’s program"),
    right=PARTNER_TOKENS,
    facts=_facts,
    apply=_give,
    concerns=lambda _market, _payload, _staff: False,
    independent=True,
)
