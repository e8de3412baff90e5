"""A small world for tests of claims: members with a plan, drafts that are complete, claims that were sent."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from mypolis.foundation.events import Actor
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.receiving import receive
from mypolis.foundation.markets import market as profile_of
from mypolis.insurance.bank_accounts.flows import AlreadyAdded, add
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.insurance.claims.drafts.flows import LineData, save, start
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from tests.cast import BUDI, Somebody, on_file
from tests.coverage.books import loaded

WEB = {"address": "127.0.0.1", "client": "test"}


def member(somebody: Somebody = BUDI, plan: str = "gold", folder: Path | None = None) -> Account:
    """Somebody on file with a plan of the small book (which `folder` loads) and an account, but no password."""
    if folder is not None:
        loaded(folder)
    person = on_file(somebody)
    person.memberships.update(plan=plan)
    language = profile_of(somebody.market).default_language
    return Account.objects.create(market=somebody.market, person=person, password_hash="!", language=language)


def actor(account: Account) -> Actor:
    """The member as an actor."""
    return Actor("member", str(account.pk), **WEB)


def cover(account: Account) -> Membership:
    """The member's only membership."""
    return account.person.memberships.select_related("policy", "person").get()


def today(account: Account) -> date:
    return account.profile.today()


def draft(account: Account, benefit: str = "doctor", membership: Membership | None = None) -> Claim:
    """A draft with nothing but its benefit."""
    row = membership or cover(account)
    return start(account=account, membership=str(row.pk), benefit=benefit, by=actor(account))


def changed(account: Account, claim: Claim, **changes: Any) -> Claim:
    """Save fields of a draft under its current version."""
    version = Claim.objects.get(pk=claim.pk).version
    return save(account=account, claim=claim.pk, version=version, changes=changes, by=actor(account))


def bill(account: Account, amount: str = "150.00", days_ago: int = 3, **more: Any) -> LineData:
    """A line of a few days ago."""
    day = today(account) - timedelta(days=days_ago)
    values = {"date": day, "benefit": "doctor", "amount": Decimal(amount), "currency": "IDR", **more}
    return LineData(**values)


def bank_account(account: Account, number: str = "1234567890") -> BankAccount:
    """A saved account of the member."""
    read = read_number(("id",), number, bank="014")
    try:
        return add(account=account, number=read, holder="Budi Santoso", by=actor(account))
    except AlreadyAdded:
        return account.bank_accounts.kept().with_identity(read.identity).get()


def paper(claim: Claim, kind: str = "receipt", content: bytes = b"paper", state: str = "clean") -> ReceivedFile:
    """A file of a claim, as if it had been uploaded and checked."""
    by = Actor("member", str(claim.account_id), **WEB)
    file = receive(market=claim.market, owner=claim, kind=kind, name=f"{kind}.jpg", content=[content], by=by)
    file.state = ReceivedState(state)
    file.save(update_fields=["state"])
    return file


def complete(
    account: Account, benefit: str = "doctor", *lines: LineData, files: str = "clean", content: bytes = b"paper"
) -> Claim:
    """A draft with everything that sending needs."""
    claim = draft(account, benefit)
    given = lines or (bill(account, benefit=benefit),)
    changed(
        account,
        claim,
        treated_on=given[0].date,
        provider="Klinik Melati",
        diagnosis="batuk dan demam",
        lines=given,
        pay_to=bank_account(account).pk,
    )
    paper(claim, content=content, state=files)
    return Claim.objects.get(pk=claim.pk)


def sent(account: Account, *lines: LineData, files: str = "clean", content: bytes = b"paper") -> Claim:
    """A claim that was sent; received at once if its files are clean."""
    claim = complete(account, "doctor", *lines, files=files, content=content)
    return submit(account=account, claim=claim.pk, by=actor(account))


def reread(claim: Claim | UUID) -> Claim:
    """The claim as the database has it now."""
    return Claim.objects.get(pk=claim if isinstance(claim, UUID) else claim.pk)
