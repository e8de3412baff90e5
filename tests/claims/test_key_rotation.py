"""The digest by which a repeated bill is found, while keys rotate."""

from pathlib import Path

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.keys.rotation import rotate
from mypolis.insurance.claims import access
from mypolis.insurance.claims.repeats import repeated
from mypolis.membership.accounts.models import Account
from tests.claims.world import bill, changed, draft, sent
from tests.keys.conftest import RECHECK_SECONDS, ring

__all__ = ["ring"]


@pytest.mark.django_db(transaction=True)
def test_a_repeated_bill_is_found_under_the_new_key_and_drafts_get_no_digest(
    transactional_db: None, ring: Path, budi: Account
) -> None:
    first = sent(budi, bill(budi, number="KW-77"))
    same = changed(budi, draft(budi), provider="Klinik Melati", lines=[bill(budi, number="KW-77")])
    done = rotate(by=SYSTEM, wait=RECHECK_SECONDS + 0.1, patience=5)
    assert (done.retired, done.moved["claims.Line look-up"].done) == (("k1",), 1)
    assert list(repeated(same, access.claims_of(budi)).values()) == [first]
    assert same.lines.get().repeat_digest is None
