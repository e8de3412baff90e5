"""Roles are given and taken; somebody who can give them is always left."""

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.staff.models import StaffAccount, StaffRole
from mypolis.foundation.staff.team.role_changes import LastAdministrator, close, give_role, reopen, take_role
from tests.staff.world import at_desk, colleague

pytestmark = pytest.mark.django_db


def test_the_last_administrator_of_a_market_stays() -> None:
    ana = colleague("Ana", "administrator")
    colleague("Ida", "administrator", market="id")
    with pytest.raises(LastAdministrator):
        take_role(account=ana.account, market="rs", role="administrator", by=SYSTEM)
    with pytest.raises(LastAdministrator):
        close(account=ana.account, by=SYSTEM)
    assert StaffAccount.objects.get(pk=ana.account.pk).closed_at is None


@pytest.mark.parametrize("state", ["invited", "closed"])
def test_an_administrator_who_cannot_sign_in_does_not_count(state: str) -> None:
    ana, other = colleague("Ana", "administrator"), colleague("Other", "administrator")
    if state == "closed":
        close(account=other.account, by=SYSTEM)
    else:
        StaffAccount.objects.filter(pk=other.account.pk).update(joined_at=None)
    with pytest.raises(LastAdministrator):
        take_role(account=ana.account, market="rs", role="administrator", by=SYSTEM)


def test_a_role_is_given_once_and_taken_once() -> None:
    vesna = colleague("Vesna", "assessor")
    assert not give_role(account=vesna.account, market="rs", role="assessor", by=SYSTEM)
    assert give_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    assert take_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    assert not take_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)


def test_an_account_is_closed_and_reopened() -> None:
    vesna = colleague("Vesna", "assessor")
    browser = at_desk(vesna)
    close(account=vesna.account, by=SYSTEM)
    assert browser.get("/desk/rs/").status_code == 302
    reopen(account=vesna.account, by=SYSTEM)
    assert browser.get("/desk/rs/").status_code == 302, "the old session stays ended"
    assert at_desk(vesna).get("/desk/rs/").status_code == 200


def test_an_administrator_takes_a_role_at_the_desk_but_not_their_own() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    browser = at_desk(ana)
    own = browser.post(f"/desk/rs/team/{ana.account.pk}/role/", {"role": "administrator", "take": "1"})
    assert own.status_code == 422
    assert "This change is about you or your family" in own.content.decode()
    theirs = browser.post(f"/desk/rs/team/{vesna.account.pk}/role/", {"role": "assessor", "take": "1"})
    assert theirs.status_code == 302
    assert not StaffRole.objects.filter(account=vesna.account).exists()


def test_an_administrator_closes_only_accounts_that_work_in_no_other_market() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    give_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    refused = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/state/")
    assert refused.status_code == 422
    take_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    assert at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/state/").status_code == 302
    assert StaffAccount.objects.get(pk=vesna.account.pk).closed_at is not None
