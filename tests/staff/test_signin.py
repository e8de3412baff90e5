"""Signing in at the desk: e-mail and password, then always a second factor."""

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.models import Passkey
from mypolis.foundation.guards.flows import forget
from mypolis.foundation.staff.limits import STAFF_PROOF_TRIES
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.own.flows import new_recovery_codes
from tests.doors import PageDoor
from tests.staff.world import PASSWORD, Colleague, at_desk, colleague
from tests.web.safety.sessions import signed_in

pytestmark = pytest.mark.django_db

WRONG = "The email or the password is not right."


@pytest.fixture
def vesna() -> Colleague:
    """An assessor in Serbia."""
    return colleague("Vesna", "assessor")


@pytest.fixture
def browser() -> Client:
    """A stranger's browser."""
    return Client(headers={"accept-language": "en"})


def password(browser: Client, one: Colleague, typed: str = PASSWORD, **more: str) -> int:
    """Fill in the first page; return the status."""
    answers = {"email": one.account.email, "password": typed}
    return browser.post("/desk/signin/", answers, **more).status_code  # type: ignore[arg-type]


def test_a_stranger_is_sent_to_sign_in_and_comes_back_to_the_page(browser: Client, vesna: Colleague) -> None:
    sent = browser.get("/desk/rs/")
    assert sent.status_code == 302
    assert sent["Location"] == "/desk/signin/?next=%2Fdesk%2Frs%2F"
    answers = {"email": vesna.account.email, "password": PASSWORD}
    half_way = browser.post(sent["Location"], answers)
    assert half_way["Location"] == "/desk/signin/factor/?next=%2Fdesk%2Frs%2F"
    assert not StaffSession.objects.exists(), "a password alone opens nothing"
    assert browser.get("/desk/rs/").status_code == 302
    opened = browser.post(half_way["Location"], {"code": vesna.code()})
    assert opened["Location"] == "/desk/rs/"
    assert b"Hello, Vesna" in browser.get("/desk/rs/").content


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/desk/", "//evil.example/desk/", "/rs/home/", "/desk/\\evil"]
)
def test_sign_in_leads_only_to_pages_of_the_desk(browser: Client, vesna: Colleague, elsewhere: str) -> None:
    password(browser, vesna)
    opened = browser.post("/desk/signin/factor/", {"code": vesna.code()}, query_params={"next": elsewhere})
    assert opened["Location"] in ("/desk/", "/desk/\\evil".replace("\\", "%5C"))


def test_every_wrong_sign_in_reads_the_same(browser: Client, vesna: Colleague) -> None:
    closed = colleague("Closed", "assessor")
    StaffAccount.objects.filter(pk=closed.account.pk).update(closed_at=timezone.now())
    invited = colleague("Invited", "assessor")
    StaffAccount.objects.filter(pk=invited.account.pk).update(password_hash="")
    tries = [
        (vesna.account.email, "not the password at all"),
        ("nobody@insurer.example", PASSWORD),
        (closed.account.email, PASSWORD),
        (invited.account.email, ""),
        (invited.account.email, "x"),
    ]
    for email, typed in tries[:3] + tries[4:]:
        refused = browser.post("/desk/signin/", {"email": email, "password": typed})
        assert refused.status_code == 422, email
        assert WRONG in refused.content.decode(), email
    assert set(Event.objects.filter(kind="staff.refused").values_list("actor_kind", flat=True)) == {"stranger"}


def test_guessing_a_password_is_stopped(browser: Client, vesna: Colleague) -> None:
    statuses = [password(browser, vesna, "not the password at all") for _try in range(11)]
    assert statuses == [422] * 10 + [429]
    assert password(browser, vesna) == 429, "even the right one must wait"


def test_somebody_elsewhere_can_still_sign_in_while_a_stranger_guesses(browser: Client, vesna: Colleague) -> None:
    for _try in range(11):
        password(browser, vesna, "not the password at all", REMOTE_ADDR="203.0.113.9")
    assert password(browser, vesna, REMOTE_ADDR="198.51.100.7") == 302


def test_guessing_the_apps_code_is_stopped(browser: Client, vesna: Colleague) -> None:
    password(browser, vesna)
    wrong = f"{(int(vesna.code()) + 1) % 1_000_000:06}"
    statuses = [browser.post("/desk/signin/factor/", {"code": wrong}).status_code for _try in range(6)]
    assert statuses == [422] * 5 + [429]


def test_a_code_of_the_app_is_good_once(browser: Client, vesna: Colleague) -> None:
    code = vesna.code()
    password(browser, vesna)
    assert browser.post("/desk/signin/factor/", {"code": code}).status_code == 302
    another = Client(headers={"accept-language": "en"})
    password(another, vesna)
    refused = another.post("/desk/signin/factor/", {"code": code})
    assert refused.status_code == 422
    assert "used already" in refused.content.decode()


def test_the_second_page_opens_only_after_the_first(browser: Client, vesna: Colleague) -> None:
    assert browser.get("/desk/signin/factor/")["Location"].startswith("/desk/signin/")
    assert browser.post("/desk/signin/factor/", {"code": vesna.code()}).status_code == 302
    assert not StaffSession.objects.exists()
    browser.cookies["staff-half-way-desk"] = "forged"
    assert browser.get("/desk/signin/factor/").status_code == 302


def test_a_changed_password_ends_the_way_between_the_two_pages(browser: Client, vesna: Colleague) -> None:
    password(browser, vesna)
    StaffAccount.objects.filter(pk=vesna.account.pk).update(password_hash="k1$something else")
    assert browser.post("/desk/signin/factor/", {"code": vesna.code()}).status_code == 302
    assert not StaffSession.objects.exists()


def test_a_malformed_passkey_is_refused_with_a_sentence(browser: Client, vesna: Colleague) -> None:
    password(browser, vesna)
    for sent in ("null", "[]", "7", '"text"', "{}", "{", "x" * 20_000):
        forget(STAFF_PROOF_TRIES, f"{vesna.account.pk}:passkey:127.0.0.1", market="desk")
        refused = browser.post("/desk/signin/factor/", {"passkey": sent})
        assert refused.status_code == 422, sent[:10]
        assert "did not work" in refused.content.decode(), sent[:10]


def test_a_recovery_code_opens_only_the_page_that_links_a_factor(browser: Client, vesna: Colleague) -> None:
    code = new_recovery_codes(account=vesna.account, by=vesna.actor)[0]
    password(browser, vesna)
    opened = browser.post("/desk/signin/recovery/", {"recovery": code.lower()})
    assert opened["Location"] == "/desk/me/factors/"
    assert browser.get("/desk/me/factors/").status_code == 200
    for page in ("/desk/", "/desk/rs/", "/desk/me/", "/desk/me/password/"):
        assert browser.get(page)["Location"] == "/desk/me/factors/", page
    another = Client(headers={"accept-language": "en"})
    password(another, vesna)
    assert another.post("/desk/signin/recovery/", {"recovery": code}).status_code == 422, "once each"


def test_a_network_outside_the_list_reads_like_a_wrong_password(
    browser: Client, vesna: Colleague, desk_networks: None
) -> None:
    refused = browser.post(
        "/desk/signin/", {"email": vesna.account.email, "password": PASSWORD}, REMOTE_ADDR="192.0.2.1"
    )
    assert refused.status_code == 422
    assert WRONG in refused.content.decode()
    inside = at_desk(vesna)
    assert inside.get("/desk/rs/", REMOTE_ADDR="10.1.2.3").status_code == 200
    assert inside.get("/desk/rs/", REMOTE_ADDR="192.0.2.1").status_code == 302, "judged at each request"


def test_a_members_session_opens_nothing_at_the_desk(vesna: Colleague) -> None:
    door = PageDoor(Client())
    signed_in(door, "ru")
    member = door.client
    assert member.get("/ru/home/").status_code == 200
    assert member.get("/desk/").status_code == 302
    member.cookies["staff-desk"] = member.cookies["session-ru"].value
    assert member.get("/desk/").status_code == 302


def test_a_session_of_the_desk_opens_nothing_in_the_portal(vesna: Colleague) -> None:
    staff = at_desk(vesna)
    assert staff.get("/desk/rs/").status_code == 200
    for market in ("rs", "id", "ru"):
        staff.cookies[f"session-{market}"] = staff.cookies["staff-desk"].value
        assert staff.get(f"/{market}/home/").status_code == 302


@pytest.fixture
def desk_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the office's network may use the desk."""
    changed = settings.MYPOLIS.model_copy(update={"desk_networks": ("10.1.0.0/16",)})
    monkeypatch.setattr(settings, "MYPOLIS", changed)


def test_removing_a_factor_asks_first_and_says_which() -> None:
    ana = colleague("Ana", "administrator")
    browser = at_desk(ana)
    passkey = Passkey.objects.create(
        holder=ana.account.holder, name="office laptop", sign_count=0, backup_eligible=False, backed_up=False
    )
    for address, asks in (
        (f"/desk/me/factors/{passkey.pk}/remove/", "office laptop"),
        ("/desk/me/factors/app/remove/", "ana@insurer.example"),
    ):
        assert f'href="{address}"' in browser.get("/desk/me/").content.decode()
        page = browser.get(address)
        assert page.status_code == 200
        assert asks in page.content.decode()
    passkey.refresh_from_db()
    assert passkey.removed_at is None
    assert browser.get("/desk/me/factors/987654/remove/")["Location"] == "/desk/me/"
