"""Claims of a member of any market, put into the database as they are in later states, for walks over all pages."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.checking.previews import store_previews
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.receiving import receive
from mypolis.insurance.claims.drafts.checklist import OTHER
from mypolis.insurance.claims.drafts.flows import LineData, save, start
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, DecidedLine, Decision, Line, Payment, StateChange
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from mypolis.membership.uploads.flows import begin

PREVIEW = b"\xff\xd8\xff\xe0 a tiny picture \xff\xd9"
PICTURE = b"\xff\xd8\xff\xe0 a small picture \xff\xd9"


def owned_claim(account: Account, state: State, number: str, benefit: str = "") -> Claim:
    """A claim of the member with one line, in a state; decided in part if the state comes after a decision."""
    now, today = timezone.now(), account.profile.today()
    membership = Membership.objects.filter(person=account.person_id).order_by("pk")[0]
    claim = Claim.objects.create(
        market=account.market,
        membership=membership,
        account=account,
        number=number,
        state=state,
        benefit=benefit,
        treated_on=today - timedelta(days=5),
        provider="Nova",
        sent_at=now,
        received_at=now,
        promised_by=today + timedelta(days=9) if state == State.IN_REVIEW else None,
    )
    StateChange.objects.create(claim=claim, before="draft", after="submitted", by_kind="member", sentences={"en": "."})
    line = Line.objects.create(
        claim=claim, place=0, date=today - timedelta(days=5), benefit=benefit, amount=Decimal(900), currency="RUB"
    )
    if state in (State.REJECTED, State.PAYMENT_FAILED):
        _decide(claim, line, Decimal(0) if state == State.REJECTED else Decimal(700))
    return claim


def clean_file(claim: Claim, content: bytes = b"raw", preview: bytes = PREVIEW) -> ReceivedFile:
    """A file of a claim with its cleaned copy, a picture."""
    file = receive(market=claim.market, owner=claim, kind="receipt", name="a.jpg", content=[content], by=SYSTEM)
    file.cleaned = store(
        market=claim.market,
        owner=claim,
        kind="receipt",
        name="a.jpg",
        media_type="image/jpeg",
        content=_once(PICTURE),
        by=SYSTEM,
    )
    file.state = ReceivedState.CLEAN
    file.pages = 1
    file.save(update_fields=["state", "cleaned", "pages"])
    store_previews(file, [preview])
    return file


def claims_in_addresses(account: Account, benefit: str = "") -> dict[str, str]:
    """One claim for each page that only some states have, by the names that the walks use in addresses."""
    open_one = owned_claim(account, State.IN_REVIEW, "C-2026-900001", benefit)
    return {
        "claim": str(open_one.pk),
        "claim_file": str(clean_file(open_one).pk),
        "explained": str(owned_claim(account, State.REJECTED, "C-2026-900002", benefit).pk),
        "returned": str(owned_claim(account, State.PAYMENT_FAILED, "C-2026-900003", benefit).pk),
        **_draft(account, benefit),
        "claim_year": str(account.profile.today().year),
    }


NOBODYS_CLAIMS = {
    **dict.fromkeys(("claim", "claim_file", "explained", "returned", "draft", "line", "upload"), str(UUID(int=1))),
    "claim_year": "2026",
}


def _draft(account: Account, benefit: str) -> dict[str, str]:
    """A draft with a bill, and an upload for it that has just begun."""
    membership = Membership.objects.filter(person=account.person_id).order_by("pk")[0]
    draft = start(account=account, membership=str(membership.pk), benefit=benefit, by=SYSTEM)
    bill = LineData(date=account.profile.today(), benefit=benefit, amount=Decimal(900), currency="RUB")
    save(account=account, claim=draft.pk, version=draft.version, changes={"lines": (bill,)}, by=SYSTEM)
    metadata = {"claim": str(draft.pk), "document": OTHER, "filename": "a.jpg"}
    upload = begin(account=account, length=3, metadata=metadata, by=SYSTEM)
    return {"draft": str(draft.pk), "line": str(draft.lines.get().pk), "upload": str(upload.pk)}


def _decide(claim: Claim, line: Line, granted: Decimal) -> None:
    outcome = State.REJECTED if not granted else State.PARTLY_APPROVED
    decision = Decision.objects.create(claim=claim, number=1, outcome=outcome, source="desk", by_kind="staff")
    own = Decimal(900) - granted
    DecidedLine.objects.create(
        decision=decision,
        line=line,
        billed=Decimal(900),
        granted=granted,
        own_share=own,
        currency="RUB",
        cuts=[{"code": "limit_visit", "amount": str(own), "facts": {}}],
    )
    claim.decided_at, claim.appeal_until = timezone.now(), claim.profile.today() + timedelta(days=20)
    claim.save(update_fields=["decided_at", "appeal_until"])
    if granted:
        Payment.objects.create(
            claim=claim, decision=decision, state=Payment.FAILED, amount=granted, currency="RUB", code="account_closed"
        )


def _once(content: bytes) -> Iterator[bytes]:
    yield content
