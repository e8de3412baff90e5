"""The way back for somebody who lost the passkey, the app and all recovery codes."""

import re

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors import authenticator_apps, recovery_codes
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.team.resetting import CannotReset, reset
from mypolis.foundation.staff.team.role_changes import close, give_role
from tests.journeys.test_races import at_once
from tests.post import Post
from tests.staff.world import PASSWORD, Colleague, at_desk, code_of, colleague, ticket_in

pytestmark = pytest.mark.django_db

NEW = "another Meadow 9 tin-whistle"


@pytest.fixture
def vesna() -> Colleague:
    """An assessor who lost everything."""
    return colleague("Vesna", "assessor")


def now(one: Colleague) -> StaffAccount:
    """Their account as it is now."""
    return StaffAccount.objects.get(pk=one.account.pk)


def test_nobody_starts_it_alone_or_for_themselves(vesna: Colleague) -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    own = at_desk(ana).post(f"/desk/rs/team/{ana.account.pk}/reset/")
    assert own.status_code == 422
    assert at_desk(vesna).post(f"/desk/rs/team/{vesna.account.pk}/reset/").status_code == 404
    page = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")["Location"]
    assert at_desk(ana).post(f"{page}decide/", {"decision": "approve"}).status_code == 422
    assert now(vesna).joined_at is not None, "nothing happened yet"
    about_olga = at_desk(ana).post(f"/desk/rs/team/{olga.account.pk}/reset/")["Location"]
    assert at_desk(olga).post(f"{about_olga}decide/", {"decision": "approve"}).status_code == 422


def test_two_administrators_let_a_colleague_set_up_sign_in_again(vesna: Colleague, post: Post) -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    old, codes = at_desk(vesna), recovery_codes.new_set(holder=vesna.account.holder, by=SYSTEM)
    page = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")["Location"]
    assert vesna.account.email in at_desk(olga).get(page).content.decode()
    assert at_desk(olga).post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    assert old.get("/desk/rs/").status_code == 302, "all sessions ended"
    stranger = Client(headers={"accept-language": "en"})
    answers = {"email": vesna.account.email, "password": PASSWORD}
    assert stranger.post("/desk/signin/", answers).status_code == 422, "the old password is void"
    for administrator in (ana, olga):
        assert "Vesna lost every way to sign in" in post.to(administrator.account.email)[0].text
    link = post.to(vesna.account.email)[0].links[0]
    path = link[link.index("/desk/") :]
    assert stranger.post(path, {"password": NEW, "password_repeat": NEW})["Location"] == "/desk/me/factors/"
    assert stranger.get("/desk/rs/")["Location"] == "/desk/me/factors/", "it opens nothing else"
    factors = stranger.get("/desk/me/factors/").content.decode()
    shown = stranger.post("/desk/me/factors/app/", {"ticket": ticket_in(factors), "code": code_of(factors)})
    fresh = re.findall(r"<code>([0-9A-Z-]{29})</code>", shown.content.decode())
    assert len(fresh) == 10
    assert not set(fresh) & set(codes)
    assert stranger.get("/desk/rs/").status_code == 200
    assert now(vesna).roles_in("rs") == {"assessor"}
    assert Event.objects.filter(kind="staff.reset", actor_id=str(olga.account.pk)).count() == 1


@pytest.mark.parametrize("state", ["closed", "invited"])
def test_an_account_that_nobody_uses_is_not_reset(vesna: Colleague, state: str) -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    page = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")["Location"]
    if state == "closed":
        close(account=vesna.account, by=SYSTEM)
    else:
        StaffAccount.objects.filter(pk=vesna.account.pk).update(joined_at=None)
    at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    assert "No longer fits" in at_desk(olga).get(page).content.decode()
    assert authenticator_apps.is_linked(vesna.account.holder)
    refused = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")
    assert refused.status_code == 422
    assert "Reopen the account or invite" in refused.content.decode()


def test_an_administrator_of_one_market_does_not_reset_a_colleague_of_two(vesna: Colleague) -> None:
    ana = colleague("Ana", "administrator")
    give_role(account=vesna.account, market="id", role="assessor", by=SYSTEM)
    refused = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")
    assert refused.status_code == 422
    assert "administrator of all the markets" in refused.content.decode()


def test_the_second_administrator_is_one_in_all_markets_of_the_colleague_too(vesna: Colleague) -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    for account, role in ((vesna.account, "assessor"), (ana.account, "administrator")):
        give_role(account=account, market="id", role=role, by=SYSTEM)
    page = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")["Location"]
    refused = at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    assert refused.status_code == 422
    assert "administrator of all the markets" in refused.content.decode()
    assert now(vesna).joined_at is not None
    give_role(account=olga.account, market="id", role="administrator", by=SYSTEM)
    assert at_desk(olga).post(f"{page}decide/", {"decision": "approve"}).status_code == 302
    assert now(vesna).joined_at is None


def test_a_proposer_who_is_no_administrator_of_all_markets_any_more_resets_nobody(vesna: Colleague) -> None:
    ana, olga = colleague("Ana", "administrator"), colleague("Olga", "administrator")
    page = at_desk(ana).post(f"/desk/rs/team/{vesna.account.pk}/reset/")["Location"]
    for account, role in ((vesna.account, "assessor"), (olga.account, "administrator")):
        give_role(account=account, market="id", role=role, by=SYSTEM)
    at_desk(olga).post(f"{page}decide/", {"decision": "approve"})
    assert now(vesna).joined_at is not None
    assert "No longer fits" in at_desk(olga).get(page).content.decode()


@pytest.mark.django_db(transaction=True)
def test_two_resets_at_once_leave_one_link(vesna: Colleague) -> None:
    def once() -> bool:
        try:
            return bool(reset(account=vesna.account, by=SYSTEM).url)
        except CannotReset:
            return False

    assert sorted(at_once(once, once)) == [False, True]
    assert now(vesna).invitations.filter(used_at=None, expires_at__gt=timezone.now()).count() == 1
