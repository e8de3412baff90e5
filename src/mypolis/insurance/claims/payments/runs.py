"""Makes payment runs, finds them, and withdraws them."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final, Self

from django.db import connection, transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.lib.money import Money
from mypolis.foundation.lib.postgres.named_locks import lock_name
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.models import Claim, Payment, PaymentRun, RunLine, day_of
from mypolis.insurance.claims.payments.bank_file import BankPayment, PaymentFile, render
from mypolis.insurance.claims.payments.due import DueTransfer, LeftOut, due_claims, transfers
from mypolis.insurance.claims.payments.refusals import RunRefused

MOST_LINES: Final = 5_000
"""So many payments fit into one file; the others wait for the next run."""
_MOST_LOOKED_AT: Final = 2 * MOST_LINES  # some are left out


@dataclass(frozen=True)
class Figures:
    """What people sign: the number of payments, and their sum in each currency."""

    count: int
    totals: tuple[Money, ...]

    @classmethod
    def of(cls, payments: Iterable[Money]) -> Self:
        """Count and totals of payments; the currencies in alphabetical order."""
        sums: dict[str, list[Decimal]] = defaultdict(list)
        for one in payments:
            sums[one.currency].append(one.amount)
        totals = tuple(Money(sum(sums[currency], Decimal(0)), currency) for currency in sorted(sums))
        return cls(sum(map(len, sums.values())), totals)


@dataclass(frozen=True)
class Made:
    """The run that holds what is due; None if nothing can be paid. `left_out` is due, but in no run."""

    run: PaymentRun | None
    is_new: bool
    left_out: tuple[LeftOut, ...] = ()


@transaction.atomic
def make_run(*, profile: Profile, by: Actor) -> Made:
    """Freeze what is due into a new run. If nothing new is due, return the last run that nobody fetched yet.

    Two people who do so at once do it one after the other. Raises RunRefused "no_bank", "not_a_person".
    """
    bank = bank_of(profile)
    require_person(by)
    _one_at_a_time(profile)
    now, lines, left_out = timezone.now(), list[DueTransfer](), list[LeftOut]()
    keys = due_claims(profile, most=_MOST_LOOKED_AT)
    list(Claim.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk").values_list("pk"))
    for found in transfers(profile, bank, keys, now=now):
        if isinstance(found, LeftOut):
            left_out.append(found)
        elif len(lines) < MOST_LINES:
            lines.append(found)
    if not lines:
        waiting = PaymentRun.objects.filter(market=profile.code, fetched_at=None, withdrawn_at=None)
        return Made(waiting.order_by("-made_at", "-pk").first(), is_new=False, left_out=tuple(left_out))
    run = _freeze(profile, bank, lines, now=now, by=by)
    return Made(run, is_new=True, left_out=tuple(left_out))


@transaction.atomic
def withdraw_run(*, profile: Profile, number: str, by: Actor, was_refused_by_bank: bool = False) -> PaymentRun:
    """Give up a run: its payments are due again, and go into the next run. Withdrawing twice changes nothing.

    After somebody has fetched the file, the bank may pay it. Then only somebody who signed it can withdraw it, and only
    if the bank refused the whole file (`was_refused_by_bank`) and has answered no line. Raises RunRefused "unknown",
    "not_a_person", "fetched", "not_a_signer", "answered".
    """
    require_person(by)
    run = find_run(profile, number, is_locked=True)
    if run.withdrawn_at is not None:
        return run
    list(run.lines.select_for_update().values_list("pk"))  # somebody may be reading the bank's results
    if run.fetched_at is not None:
        _check_refused_by_bank(run, by, was_refused_by_bank=was_refused_by_bank)
    Payment.objects.filter(line__run=run).update(line=None)
    run.lines.update(state=RunLine.RELEASED)
    run.withdrawn_at, run.withdrawn_by = timezone.now(), str(by)
    run.save(update_fields=["withdrawn_at", "withdrawn_by"])
    record(ClaimEvent.PAYMENT_RUN_WITHDRAWN, market=run.market, by=by, subject=run, was_fetched=bool(run.fetched_at))
    return run


def find_run(profile: Profile, number: str, *, is_locked: bool = False) -> PaymentRun:
    """A run of the market. Raises RunRefused "unknown"."""
    rows = PaymentRun.objects.select_for_update() if is_locked else PaymentRun.objects.all()
    run = rows.filter(market=profile.code, number=number.strip().upper()).first()
    if run is None:
        raise RunRefused("unknown")
    return run


def figures_of(run: PaymentRun) -> Figures:
    """Count and totals of a run's lines."""
    return Figures.of(Money(amount, currency) for amount, currency in run.lines.values_list("amount", "currency"))


def bytes_of(run: PaymentRun, bank: BankProfile) -> bytes:
    """The run's file, written from its frozen lines: the same bytes each time."""
    payments = tuple(
        BankPayment(
            reference=line.reference,
            money=Money(line.amount, line.currency),
            name=line.name,
            kind=line.kind,
            bank=line.bank,
            number=line.number,
            text=line.claim.number,
        )
        for line in run.lines.select_related("claim")
    )
    return render(bank, PaymentFile(run=run.number, day=day_of(run.made_at, run.profile), payments=payments))


def bank_of(profile: Profile) -> BankProfile:
    """The market's bank profile. Raises RunRefused "no_bank"."""
    if profile.claims.bank is None:
        raise RunRefused("no_bank")
    return profile.claims.bank


def require_person(by: Actor) -> None:
    """Raise RunRefused "not_a_person" unless a member of staff acts."""
    if by.kind != "staff":
        raise RunRefused("not_a_person")


def _freeze(profile: Profile, bank: BankProfile, found: list[DueTransfer], *, now: datetime, by: Actor) -> PaymentRun:
    number = _next_number(day_of(now, profile).year)
    run = PaymentRun.objects.create(market=profile.code, number=number, made_at=now, made_by=str(by))
    lines = [_line(run, place, one) for place, one in enumerate(found, start=1)]
    RunLine.objects.bulk_create(lines)
    payments = []
    for line, one in zip(lines, found, strict=True):
        for payment in one.payments:
            payment.line = line
            payments.append(payment)
    Payment.objects.bulk_update(payments, ["line"], batch_size=1_000)
    run.sha256 = hashlib.sha256(bytes_of(run, bank)).hexdigest()
    run.save(update_fields=["sha256"])
    record(ClaimEvent.PAYMENT_RUN_MADE, market=run.market, by=by, subject=run, payments=len(lines))
    return run


def _line(run: PaymentRun, place: int, one: DueTransfer) -> RunLine:
    written = one.written
    return RunLine(
        run=run,
        place=place,
        claim=one.claim,
        reference=written.reference,
        amount=written.money.amount,
        currency=written.money.currency,
        name=written.name,
        kind=written.kind,
        bank=written.bank,
        number=written.number,
        shown=one.account.shown,
    )


def _check_refused_by_bank(run: PaymentRun, by: Actor, *, was_refused_by_bank: bool) -> None:
    if not was_refused_by_bank:
        raise RunRefused("fetched")
    if str(by) not in run.signers:
        raise RunRefused("not_a_signer")
    if run.lines.exclude(state=RunLine.OPEN).exists():
        raise RunRefused("answered")


def _one_at_a_time(profile: Profile) -> None:
    """Wait until nobody else makes a run in this market, until the end of the transaction."""
    lock_name(f"payment runs:{profile.code}")


def _next_number(year: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT nextval('claims_run_number')")
        return f"P-{year}-{cursor.fetchone()[0]:06}"
