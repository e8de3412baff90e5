"""The people who pay claims: Olga makes runs, Petar and Marija sign them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import market
from mypolis.insurance.claims.models import Claim, PaymentRun
from mypolis.insurance.claims.payments.refusals import RunRefused
from mypolis.insurance.claims.payments.runs import Made, figures_of, make_run
from mypolis.insurance.claims.payments.signing import BankFile, fetch_file, sign
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from tests.claims.verdicts import decided

OLGA, PETAR, MARIJA = (Actor("staff", name) for name in ("olga", "petar", "marija"))
ID = market("id")


def nobody(_cover: Membership) -> bool:
    """The signer knows nobody in the run."""
    return False


def made(by: Actor = OLGA) -> Made:
    return make_run(profile=ID, by=by)


def a_run() -> PaymentRun:
    """A run of everything that is due."""
    run = made().run
    assert run is not None
    return run


def signed(run: PaymentRun, *signers: Actor, **changes: Any) -> PaymentRun:
    """The run, signed by Petar and Marija or by others; `changes` are about the figures."""
    for signer in signers or (PETAR, MARIJA):
        figures = replace(figures_of(run), **changes)
        run = sign(profile=ID, number=run.number, figures=figures, by=signer, concerned=nobody)
    return run


def fetched(run: PaymentRun, by: Actor = OLGA) -> BankFile:
    return fetch_file(profile=ID, number=run.number, by=by)


def at_the_bank(account: Account) -> tuple[Claim, PaymentRun]:
    """A claim of 100 whose payment file was signed and fetched, and its run."""
    claim, run = decided(account), a_run()
    fetched(signed(run))
    return claim, PaymentRun.objects.get(pk=run.pk)


@contextmanager
def assert_refused(code: str, *claims: Claim) -> Iterator[None]:
    """Assert that what happens inside is refused for this reason, and names these claims."""
    with pytest.raises(RunRefused) as error:
        yield
    assert (error.value.code, error.value.claims) == (code, tuple(one.number for one in claims))
