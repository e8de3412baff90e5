"""Two people sign a run's count and totals; then somebody fetches the file.

On a command line MyPolis believes who says so; at the desk it knows.
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets import Profile
from mypolis.insurance.claims.event_kinds import ClaimEvent
from mypolis.insurance.claims.models import Claim, FileFetch, PaymentRun
from mypolis.insurance.claims.payments.refusals import RunRefused
from mypolis.insurance.claims.payments.runs import Figures, bank_of, bytes_of, figures_of, find_run, require_person
from mypolis.membership.people.models import Membership

type Concerned = Callable[[Membership], bool]
"""Whether a cover is the signer's own or their family's."""


@dataclass(frozen=True)
class BankFile:
    """The file for the bank, with its name."""

    name: str
    content: bytes


@transaction.atomic
def sign(*, profile: Profile, number: str, figures: Figures, by: Actor, concerned: Concerned) -> PaymentRun:
    """Sign a run: this person has compared count and totals with what the insurer owes.

    Whoever made it cannot sign it, nobody signs twice, and nobody signs what is paid to themselves or their family.
    Raises RunRefused "not_a_person", "unknown", "withdrawn", "signed_by_two", "is_maker", "signed_before",
    "other_figures", "outdated" (withdraw it and make it anew), "concerned".
    """
    require_person(by)
    run = find_run(profile, number, is_locked=True)
    _check_signer(run, str(by))
    if figures != figures_of(run):
        raise RunRefused("other_figures")
    _check_current(run)
    _check_not_concerned(run, concerned)
    if not run.first_by:
        run.first_by, run.first_at = str(by), timezone.now()
    else:
        run.second_by, run.second_at = str(by), timezone.now()
    run.save(update_fields=["first_by", "first_at", "second_by", "second_at"])
    record(ClaimEvent.PAYMENT_RUN_SIGNED, market=run.market, by=by, subject=run, signers=len(run.signers))
    return run


@transaction.atomic
def fetch_file(*, profile: Profile, number: str, by: Actor) -> BankFile:
    """The file of a run that two people signed; each person gets it once. From then on the bank may have it.

    Raises RunRefused "no_bank", "not_a_person", "unknown", "withdrawn", "not_signed", "outdated", "fetched_before",
    "forgotten" (names and numbers were deleted), "other_bytes" (the writer changed since it was signed).
    """
    bank = bank_of(profile)
    require_person(by)
    run = find_run(profile, number, is_locked=True)
    if run.withdrawn_at is not None:
        raise RunRefused("withdrawn")
    if not run.second_by:
        raise RunRefused("not_signed")
    if run.fetches.filter(by=str(by)).exists():
        raise RunRefused("fetched_before")
    if run.forgotten_at is not None:
        raise RunRefused("forgotten")
    if run.fetched_at is None:
        _leave(run)
    content = bytes_of(run, bank)
    if hashlib.sha256(content).hexdigest() != run.sha256:
        raise RunRefused("other_bytes")
    FileFetch.objects.create(run=run, by=str(by))
    record(ClaimEvent.PAYMENT_FILE_FETCHED, market=run.market, by=by, subject=run)
    return BankFile(f"{run.number}.{bank.ending}", content)


def _leave(run: PaymentRun) -> None:
    """The file leaves us for the first time: no decision may change its payments any more, so lock the claims."""
    claims = Claim.objects.filter(run_lines__run=run).order_by("pk")
    list(claims.select_for_update(of=("self",)).values_list("pk"))
    _check_current(run)
    run.fetched_at = timezone.now()
    run.save(update_fields=["fetched_at"])


def _check_signer(run: PaymentRun, signer: str) -> None:
    if run.withdrawn_at is not None:
        raise RunRefused("withdrawn")
    if signer == run.made_by:
        raise RunRefused("is_maker")
    if signer in run.signers:
        raise RunRefused("signed_before")
    if run.second_by:
        raise RunRefused("signed_by_two")


def _check_current(run: PaymentRun) -> None:
    """Refuse a run of which a payment has changed since. It names the claims."""
    outdated = run.lines.all().outdated().values_list("claim__number", flat=True)
    if found := tuple(outdated):
        raise RunRefused("outdated", found)


def _check_not_concerned(run: PaymentRun, concerned: Concerned) -> None:
    """Neither the insured person nor the one who gets the money may be the signer or their family."""
    lines = run.lines.select_related("claim__membership__policy", "claim__membership__person", "claim__pay_to__account")
    covers: dict[int, list[Membership]] = defaultdict(list)
    for cover in Membership.objects.filter(person__account__bank_accounts__claims__run_lines__run=run).distinct():
        covers[cover.person_id].append(cover)
    for line in lines:
        payee = line.claim.pay_to
        of_payee = covers[payee.account.person_id] if payee is not None else []
        if any(concerned(one) for one in (line.claim.membership, *of_payee)):
            raise RunRefused("concerned", (line.claim.number,))
