"""The home page: what a member sees, and what a stranger does not see."""

from pathlib import Path

from django.test import Client

from mypolis.foundation.events.models import Event
from mypolis.membership.accounts.models import Account
from tests.cast import ANNA, BUDI, on_file
from tests.coverage.test_cover_pages import Reader
from tests.doors import ApiDoor, PageDoor
from tests.members import enrol
from tests.post import Post


def test_a_stranger_is_led_to_sign_in(client: Client, db: None) -> None:
    answer = client.get("/id/home/")
    assert (answer.status_code, answer["Location"]) == (302, "/id/signin/")
    assert client.get("/api/v1/id/me").status_code == 401


def test_signing_out_is_in_sight_on_a_members_page(client: Client, post: Post) -> None:
    on_file(ANNA)
    enrol(PageDoor(client), ANNA)
    assert 'action="/ru/signout/"' in client.get("/ru/home/").content.decode()


def test_home_shows_every_policy_with_its_period_and_status(client: Client, post: Post) -> None:
    on_file(ANNA)
    enrol(PageDoor(client), ANNA)
    on_file(ANNA.but(policy_number="ДМС-OLD", start=-300, end=-20))
    on_file(ANNA.but(policy_number="ДМС-NEXT", start=20))
    page = client.get("/ru/home/").content.decode()
    assert [page.find(number) > 0 for number in ("ДМС-204/7", "ДМС-OLD", "ДМС-NEXT")] == [True] * 3
    assert page.find("ДМС-204/7") < page.find("ДМС-NEXT") < page.find("ДМС-OLD")


def test_when_all_cover_has_ended_the_account_stays(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    enrol(door, ANNA)
    Account.objects.get().person.memberships.update(end="2020-01-01")
    me = client.get("/api/v1/ru/me", headers={"Authorization": f"Bearer {door.access}"}).json()
    assert me["covered"] is False
    assert [policy["status"] for policy in me["policies"]] == ["ended"]


def test_contact_points_are_masked(client: Client, post: Post) -> None:
    on_file(ANNA)
    door = ApiDoor(client)
    enrol(door, ANNA)
    me = client.get("/api/v1/ru/me", headers={"Authorization": f"Bearer {door.access}"}).content.decode()
    assert ANNA.mobile not in me
    assert ANNA.email not in me


def test_the_language_that_a_member_chooses_is_that_of_their_messages_too(client: Client, post: Post) -> None:
    on_file(BUDI)
    enrol(PageDoor(client), BUDI)
    assert Account.objects.get().language == "id"
    answer = client.post("/language/", {"language": "en", "next": "/id/home/"}, follow=True)
    assert "You are covered today" in answer.content.decode()
    assert Account.objects.get().language == "en"
    assert Event.objects.filter(kind="account.language_chosen").count() == 1


def test_a_new_membership_appears_by_itself(client: Client, post: Post) -> None:
    on_file(ANNA)
    enrol(PageDoor(client), ANNA)
    on_file(ANNA.but(policy_number="ДМС-SECOND", employer="other"))
    assert "ДМС-SECOND" in client.get("/ru/home/").content.decode()


def test_balances_and_the_question_stand_before_ways_that_the_menu_has_too(post: Post, tmp_path: Path) -> None:
    page = Reader(tmp_path).client.get("/id/home/").content.decode().partition("<main")[2]
    page = page.partition("</nav>")[2]  # the menu itself
    shortcuts = page.index('class="actions"')
    assert -1 < page.index("What is left") < shortcuts
    assert -1 < page.index('name="words"') < shortcuts


def test_signing_out_is_not_beside_help(client: Client, post: Post) -> None:
    on_file(ANNA)
    enrol(PageDoor(client), ANNA)
    for address in ("/ru/home/", "/ru/security/", "/ru/cover/", "/ru/more/"):
        page = client.get(address).content.decode()
        top = page.partition("<header")[2].partition("</header>")[0]
        assert top.index('href="#help"') < top.index('action="/language/"') < top.index('action="/ru/signout/"')
    more = client.get("/ru/more/").content.decode().partition('<div class="columns">')[2]
    assert more.index('action="/ru/signout/"') < more.index('id="documents"') < more.index('id="call"')
