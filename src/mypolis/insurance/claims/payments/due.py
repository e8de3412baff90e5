"""What is due to members and can be paid now, and what cannot, with the reason.

A payment is due when its claim's decision left something to pay. Treatment that a clinic billed is not among it. All
parts of a claim that are due go to the bank as one transfer. While one is with the bank, further parts wait for its
result.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import groupby
from typing import Final, Literal
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from mypolis.foundation.lib.money import Money
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.models import Claim, Payment, RunLine
from mypolis.insurance.claims.payments.bank_file import BankPayment, Unwritable, UnwritableCode, written_for

SETTLED_AFTER: Final = timedelta(hours=24)
"""How long a payment waits if the member chose another account for it without entering a code."""

type HeldBack = Literal["no_account", "account_just_chosen", "several_currencies"] | UnwritableCode


@dataclass(frozen=True)
class LeftOut:
    """A claim whose payment is due, but in no run. `character` is the one that the bank does not take, as "U+011B"."""

    claim: str
    code: HeldBack
    character: str = ""


@dataclass(frozen=True)
class DueTransfer:
    """What is due for one claim, all parts together, and how it is written for the bank."""

    claim: Claim
    account: BankAccount
    payments: tuple[Payment, ...]
    written: BankPayment


def due_claims(profile: Profile, *, most: int) -> list[UUID]:
    """The keys of claims with payments that are due and not with the bank, those that wait longest; at most `most`."""
    rows = _due(profile).order_by("created_at", "pk").values_list("claim", flat=True)
    return list(dict.fromkeys(rows[:most]))


def transfers(
    profile: Profile, bank: BankProfile, claims: Iterable[UUID], *, now: datetime
) -> Iterator[DueTransfer | LeftOut]:
    """Each of the claims that still has something due, with what is due. The caller has locked the claims."""
    order = {key: place for place, key in enumerate(claims)}
    rows = _due(profile).filter(claim__in=order).select_related("claim__pay_to__account__person", "decision")
    sorted_rows = sorted(rows, key=lambda one: (order[one.claim_id], one.created_at, one.pk))
    failed = Payment.objects.filter(claim__in=order, state=Payment.FAILED)
    came_back = set(failed.values_list("claim", flat=True))
    for key, group in groupby(sorted_rows, key=lambda one: one.claim_id):
        yield _transfer(tuple(group), bank, came_back=key in came_back, now=now)


def is_settled(*, chosen_at: datetime, came_back: bool, added_at: datetime, now: datetime) -> bool:
    """Whether money may go to the claim's account now.

    An account is added only with a code, so the account of a first payment is confirmed. After a payment `came_back`,
    the member chose another one at `chosen_at`: either they had added it within a day before, with a code, or the
    payment waits for a day, in which the news about it can be noticed.
    """
    was_confirmed = added_at >= chosen_at - SETTLED_AFTER
    return not came_back or was_confirmed or now >= chosen_at + SETTLED_AFTER


def _due(profile: Profile) -> QuerySet[Payment]:
    with_the_bank = RunLine.objects.filter(claim=OuterRef("claim"), state=RunLine.OPEN)
    rows = Payment.objects.filter(state=Payment.TO_BE_PAID, line=None, claim__market=profile.code)
    return rows.filter(~Exists(with_the_bank), claim__origin="member")


def _transfer(
    payments: tuple[Payment, ...], bank: BankProfile, *, came_back: bool, now: datetime
) -> DueTransfer | LeftOut:
    newest = payments[-1]
    claim, account = newest.claim, newest.claim.pay_to
    if account is None:
        return LeftOut(claim.number, "no_account")
    if len({one.currency for one in payments}) > 1:
        return LeftOut(claim.number, "several_currencies")
    if not is_settled(chosen_at=newest.created_at, came_back=came_back, added_at=account.added_at, now=now):
        return LeftOut(claim.number, "account_just_chosen")
    payment = BankPayment(
        reference=f"{claim.number}-{newest.decision.number}-{newest.attempt}",
        money=Money(sum((one.amount for one in payments), Decimal(0)), newest.currency),
        name=account.holder,
        kind=account.kind,
        bank=account.bank,
        number=account.number,
        text=claim.number,
    )
    try:
        return DueTransfer(claim, account, payments, written_for(bank, payment))
    except Unwritable as error:
        return LeftOut(claim.number, error.code, error.character)
