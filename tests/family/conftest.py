import pytest

from tests.family.home import Asker, account, aged, person, policy, stands


@pytest.fixture
def vera() -> Asker:
    """Who gives: a grown woman with a policy of her own."""
    who = person("Vera", aged(70), surname="Ilić")
    stands(who, policy("V-1"), "policyholder")
    return Asker(account(who))


@pytest.fixture
def goran() -> Asker:
    """Whom she trusts: insured on another policy."""
    who = person("Goran", aged(46), surname="Babić")
    stands(who, policy("G-1"), "policyholder")
    return Asker(account(who))
