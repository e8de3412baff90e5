"""Roles are given and taken; somebody who can give them is always left."""

import re

import pytest

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.staff.models import Approval, StaffAccount, StaffRole
from mypolis.foundation.staff.team.role_changes import LastAdministrator, close, give_role, reopen, take_role
from tests.staff.world import Colleague, at_desk, colleague

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


def proposed(by: Colleague, about: Colleague) -> str:
    """The address of the proposal to reopen an account."""
    answer = at_desk(by).post(f"/desk/rs/team/{about.account.pk}/reopen/")
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def roles_of(one: Colleague) -> frozenset[str]:
    return StaffAccount.objects.get(pk=one.account.pk).roles_in("rs")


def is_closed(one: Colleague) -> bool:
    return StaffAccount.objects.get(pk=one.account.pk).closed_at is not None


def test_one_administrator_alone_reopens_no_account() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    close(account=vesna.account, by=SYSTEM)
    page = proposed(ana, vesna)
    assert is_closed(vesna)
    assert at_desk(ana).post(f"{page}decide/", {"decision": "approve"}).status_code == 422
    assert is_closed(vesna)


def test_the_second_administrator_reads_which_roles_come_back() -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    vesna = colleague("Vesna", "assessor", "operator")
    close(account=vesna.account, by=SYSTEM)
    page = proposed(ana, vesna)
    shown = at_desk(olga).get(page).content.decode()
    assert re.search(r"Operator, Assessor|Assessor, Operator", shown)
    assert at_desk(olga).post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    assert not is_closed(vesna)


def test_roles_that_changed_meanwhile_are_not_given_back() -> None:
    ana, olga, vesna = (
        colleague("Ana", "administrator"),
        colleague("Olga", "administrator"),
        colleague("Vesna", "agent"),
    )
    close(account=vesna.account, by=SYSTEM)
    page = proposed(ana, vesna)
    give_role(account=vesna.account, market="rs", role="administrator", by=SYSTEM)
    at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    assert Approval.objects.get().state == Approval.State.STALE
    assert is_closed(vesna)


def test_both_administrators_must_be_that_in_all_markets_of_a_reopened_colleague() -> None:
    ana, olga, vesna = (
        colleague("Ana", "administrator"),
        colleague("Olga", "administrator"),
        colleague("Vesna", "agent"),
    )
    for market in ("id", "ru"):
        give_role(account=vesna.account, market=market, role="agent", by=SYSTEM)
        give_role(account=ana.account, market=market, role="administrator", by=SYSTEM)
    close(account=vesna.account, by=SYSTEM)
    page = proposed(ana, vesna)
    refused = at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    assert (refused.status_code, is_closed(vesna)) == (422, True)
    assert "administrator of all the markets" in refused.content.decode()
    assert 'value="approve"' not in at_desk(olga).get(page).content.decode()


def test_an_administrator_takes_a_role_at_the_desk_but_not_their_own() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    browser = at_desk(ana)
    own = browser.post(f"/desk/rs/team/{ana.account.pk}/role/administrator/take/")
    assert own.status_code == 422
    assert "This change is about you or your family" in own.content.decode()
    theirs = browser.post(f"/desk/rs/team/{vesna.account.pk}/role/assessor/take/", follow=True)
    assert "The role has been taken away." in theirs.content.decode()
    assert not StaffRole.objects.filter(account=vesna.account).exists()


def test_an_administrator_closes_only_accounts_that_work_in_no_other_market() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    give_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    refused = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/close/")
    assert refused.status_code == 422
    take_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    assert at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/close/").status_code == 302
    assert StaffAccount.objects.get(pk=vesna.account.pk).closed_at is not None


@pytest.mark.parametrize("page", ["role/assessor/take/", "close/"])
def test_the_desk_asks_before_a_role_or_an_account_ends(page: str) -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    browser = at_desk(ana)
    theirs = f"/desk/rs/team/{vesna.account.pk}/"
    assert f'href="{theirs}{page}"' in browser.get(theirs).content.decode()
    asks = browser.get(f"{theirs}{page}")
    assert asks.status_code == 200
    assert "vesna@insurer.example" in asks.content.decode()
    assert "a second administrator must approve" in asks.content.decode()
    assert (roles_of(vesna), is_closed(vesna)) == ({"assessor"}, False)


@pytest.mark.parametrize("page", ["role/assessor/take/", "close/"])
def test_asking_needs_a_factor_that_was_just_shown(page: str) -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    assert at_desk(ana, minutes_ago=6).post(f"/desk/rs/team/{vesna.account.pk}/{page}").status_code == 403
    assert (roles_of(vesna), is_closed(vesna)) == ({"assessor"}, False)


@pytest.mark.parametrize("role", ["agent", "emperor"])
def test_a_role_that_somebody_does_not_have_leads_back(role: str) -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    theirs = f"/desk/rs/team/{vesna.account.pk}/"
    for answer in (at_desk(ana).get(f"{theirs}role/{role}/take/"), at_desk(ana).post(f"{theirs}role/{role}/take/")):
        assert (answer.status_code, answer["Location"]) == (302, theirs)
    assert roles_of(vesna) == {"assessor"}


def test_the_last_administrator_keeps_role_and_account_and_the_page_says_why() -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    browser = at_desk(ana)
    StaffAccount.objects.filter(pk=ana.account.pk).update(joined_at=None)
    for page in ("role/administrator/take/", "close/"):
        refused = browser.post(f"/desk/rs/team/{olga.account.pk}/{page}")
        assert refused.status_code == 422
        assert "only administrator here" in refused.content.decode()
    assert (roles_of(olga), is_closed(olga)) == ({"administrator"}, False)


def test_an_account_that_is_open_or_closed_already_leads_back() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    theirs = f"/desk/rs/team/{vesna.account.pk}/"
    assert at_desk(ana).post(f"{theirs}reopen/")["Location"] == theirs
    assert not Approval.objects.exists()
    close(account=vesna.account, by=SYSTEM)
    assert at_desk(ana).get(f"{theirs}close/")["Location"] == theirs


def test_a_closed_account_is_offered_no_role_because_the_proposal_could_never_be_approved() -> None:
    ana, vesna = colleague("Ana", "administrator"), colleague("Vesna", "assessor")
    colleague("Olga", "administrator")
    address = f"/desk/rs/team/{vesna.account.pk}/"
    assert 'aria-label="Give: Agent"' in at_desk(ana).get(address).content.decode()
    close(account=vesna.account, by=SYSTEM)
    assert "Give another role" not in at_desk(ana).get(address).content.decode()
    answer = at_desk(ana).post(f"{address}role/", {"role": "agent"})
    assert "This account is closed. Reopen it first." in answer.content.decode()
    assert not Approval.objects.exists()
