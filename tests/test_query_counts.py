"""The number of database queries of each page and API call: fixed, so that every change is noticed.

Savepoints are not counted. If a number went down, enter the new number.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mypolis.demo.models import InboxMessage, SamplePerson
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.people.models import Membership, Person, Policy
from mypolis.membership.roster.flows import invite
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, TICKS, Somebody, on_file
from tests.doors import ApiDoor, boxes
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, solved

pytestmark = pytest.mark.django_db

BRACKETS = ("SAVEPOINT", "RELEASE SAVEPOINT", "ROLLBACK TO SAVEPOINT", "BEGIN", "COMMIT")
PASSWORDS = {"password": PASSWORD, "password_repeat": PASSWORD}
NEW_PASSWORDS = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}

type Counts = dict[str, tuple[int, int]]


class Asked:
    """The queries of a block."""

    def __init__(self) -> None:
        self.statements: list[str] = []

    def __len__(self) -> int:
        return len(self.statements)


@contextmanager
def asked() -> Iterator[Asked]:
    """Collect the database queries of a block."""
    found = Asked()
    with CaptureQueriesContext(connection) as captured:
        yield found
    found.statements = [str(query["sql"]) for query in captured if not str(query["sql"]).startswith(BRACKETS)]


class PageVisit:
    """Walks a journey on its pages: opens each step, then answers it; counts the queries of both."""

    def __init__(self, client: Client, market: str, journey: str, way: str = "") -> None:
        self.client = client
        self.address = f"/{market}/{journey}/{way + '/' if way else ''}"

    def look(self) -> int:
        with asked() as found:
            assert self.client.get(self.address).status_code == 200
        return len(found)

    def answer(self, step: str, answers: dict[str, Any]) -> int:
        with asked() as found:
            assert self.client.post(self.address, {"step": step, **boxes(answers)}).status_code == 302
        return len(found)


class ApiVisit:
    """The same walk through the API. Starting the journey is a separate entry."""

    def __init__(self, client: Client, market: str, journey: str, way: str = "", **entry: str) -> None:
        self.client = client
        body = {"journey": journey, "way": way, **entry}
        with asked() as found:
            started = client.post(f"/api/v1/{market}/journeys", body, content_type="application/json")
        self.start = len(found)
        self.document: dict[str, Any] = started.json()
        self.address = f"/api/v1/{market}/journeys/{self.document['token']}"

    def look(self) -> int:
        with asked() as found:
            assert self.client.get(self.address).status_code == 200
        return len(found)

    def answer(self, step: str, answers: dict[str, Any]) -> int:
        body = {"step": step, "answers": answers}
        with asked() as found:
            answer = self.client.post(self.address, body, content_type="application/json")
        assert answer.status_code == 200
        self.document = answer.json()
        return len(found)

    def refused(self, step: str, answers: dict[str, Any]) -> int:
        body = {"step": step, "answers": answers}
        with asked() as found:
            assert self.client.post(self.address, body, content_type="application/json").status_code == 422
        return len(found)


type Visit = PageVisit | ApiVisit
type Steps = list[tuple[str, Callable[[], dict[str, Any]]]]


def walked(visit: Visit, steps: Steps) -> Counts:
    """Return the queries of (opening, answering) every step. Preparing the answers is not counted."""
    counts = {}
    for name, answers in steps:
        looked, given = visit.look(), answers()
        counts[name] = (looked, visit.answer(name, given))
    return counts


def registration_of(somebody: Somebody, post: Post) -> Steps:
    """Return this person's answers, from the first page to the last."""
    code = lambda: {"code": post.code(somebody.mobile if somebody.market == "ru" else somebody.email)}  # noqa: E731
    match somebody.market:
        case "rs":
            return [("identity", lambda: client_form(somebody))]
        case "ru":
            return [("identity", lambda: open_form(somebody)), ("code", code)]
    return [
        ("identity", lambda: card_form(somebody)),
        ("licence", lambda: {"accept_licence": True}),
        ("code", code),
        ("username", dict),
        ("password", lambda: PASSWORDS),
    ]


def member(post: Post, somebody: Somebody) -> str:
    """Register somebody, and return the name for signing in."""
    on_file(somebody)
    door = ApiDoor(Client())
    assert register(door, post, somebody).status == 200
    return {"rs": somebody.email, "id": door.shown(), "ru": somebody.mobile}[somebody.market]


def sign_in_of(somebody: Somebody, name: str, post: Post) -> Steps:
    """Return the answers of a sign-in on a new device."""
    field = {"rs": "email", "id": "username", "ru": "mobile"}[somebody.market]
    to = somebody.mobile if somebody.market == "ru" else somebody.email
    return [
        ("credentials", lambda: {field: name, "password": PASSWORD}),
        ("code", lambda: {"code": post.code(to)}),
    ]


def recovery_of(somebody: Somebody, name: str, post: Post) -> Steps:
    """Return the answers of a recovery, from the first page to the last."""
    match somebody.market:
        case "rs":
            policy = {"national_id": somebody.national_id, "policy_number": somebody.policy_number, "email": ""}
            return [("identity", lambda: {**policy, "captcha": solved()})]
        case "ru":
            claim = {"mobile": somebody.mobile, "birth_date": somebody.birth_date}
        case _:
            claim = {"username": name}
    to = somebody.mobile if somebody.market == "ru" else somebody.email
    return [
        ("identity", lambda: claim),
        ("code", lambda: {"code": post.code(to)}),
        ("new-password", lambda: NEW_PASSWORDS),
    ]


NOBODY = {"email": "nobody@example.test", "username": "nobody2222", "mobile": "+79160000000"}
WAYS = {"rs": (JELENA, "client"), "id": (BUDI, "group"), "ru": (ANNA, "open")}

REGISTER_BY_PAGE: dict[str, Counts] = {
    "rs": {"identity": (0, 17)},
    "id": {"identity": (0, 6), "licence": (1, 10), "code": (3, 10), "username": (1, 4), "password": (1, 16)},
    "ru": {"identity": (0, 12), "code": (3, 17)},
}
REGISTER_BY_API: dict[str, Counts] = {
    "rs": {"identity": (1, 17)},
    "id": {"identity": (1, 6), "licence": (1, 12), "code": (3, 10), "username": (1, 4), "password": (1, 16)},
    "ru": {"identity": (1, 14), "code": (3, 17)},
}
SIGN_IN_BY_PAGE: dict[str, Counts] = {
    "rs": {"credentials": (0, 13), "code": (3, 11)},
    "id": {"credentials": (0, 13), "code": (3, 14)},
    "ru": {"credentials": (0, 14), "code": (3, 13)},
}
SIGN_IN_AGAIN_BY_PAGE: dict[str, Counts] = {
    "rs": {"credentials": (1, 14)},
    "id": {"credentials": (1, 10)},
    "ru": {"credentials": (1, 10)},
}
SIGN_IN_BY_API: dict[str, Counts] = {
    "rs": {"credentials": (1, 15), "code": (3, 11)},
    "id": {"credentials": (1, 15), "code": (3, 14)},
    "ru": {"credentials": (1, 16), "code": (3, 13)},
}
RECOVER_BY_PAGE: dict[str, Counts] = {
    "rs": {"identity": (0, 14)},
    "id": {"identity": (0, 11), "code": (3, 7), "new-password": (1, 21)},
    "ru": {"identity": (0, 11), "code": (3, 6), "new-password": (1, 21)},
}
RECOVER_BY_API: dict[str, Counts] = {
    "rs": {"identity": (1, 14)},
    "id": {"identity": (1, 13), "code": (3, 7), "new-password": (1, 18)},
    "ru": {"identity": (1, 13), "code": (3, 6), "new-password": (1, 18)},
}


@pytest.mark.parametrize("market", WAYS)
def test_registering_by_page(market: str, post: Post) -> None:
    somebody, way = WAYS[market]
    on_file(somebody)
    visit = PageVisit(Client(), market, "register", way)
    assert walked(visit, registration_of(somebody, post)) == REGISTER_BY_PAGE[market]


@pytest.mark.parametrize("market", WAYS)
def test_registering_by_api(market: str, post: Post) -> None:
    somebody, way = WAYS[market]
    on_file(somebody)
    visit = ApiVisit(Client(), market, "register", way)
    assert visit.start == 3
    assert walked(visit, registration_of(somebody, post)) == REGISTER_BY_API[market]


def test_registering_by_invitation(post: Post) -> None:
    person = on_file(ANNA)
    invite(market="ru", person_ids={person.pk}, by=SYSTEM)
    link = next(link for link in post.to(ANNA.email)[0].links if "/ru/i/" in link)
    token = link.rpartition("/")[2]
    form = {"policy_number": ANNA.policy_number, "mobile": ANNA.mobile, **PASSWORDS, **TICKS}

    visit = ApiVisit(Client(), "ru", "register", "invitation", invitation=token)
    assert (visit.start, visit.look()) == (5, 1)

    visit = PageVisit(Client(), "ru", "register")
    visit.address = f"/ru/i/{token}"
    first = (visit.look(), visit.answer("identity", form))
    visit.address = "/ru/register/"
    code = walked(visit, [("code", lambda: {"code": post.code(ANNA.mobile)})])
    assert {"identity": first, **code} == {"identity": (2, 20), "code": (3, 19)}


@pytest.mark.parametrize("market", WAYS)
def test_signing_in_by_page(market: str, post: Post) -> None:
    somebody, _way = WAYS[market]
    steps = sign_in_of(somebody, member(post, somebody), post)
    client = Client()
    assert walked(PageVisit(client, market, "signin"), steps) == SIGN_IN_BY_PAGE[market]
    client.cookies.pop(f"session-{market}")
    if market == "rs":
        post.deliver()
    assert walked(PageVisit(client, market, "signin"), steps[:1]) == SIGN_IN_AGAIN_BY_PAGE[market]


@pytest.mark.parametrize("market", WAYS)
def test_signing_in_by_api(market: str, post: Post) -> None:
    somebody, _way = WAYS[market]
    name = member(post, somebody)
    visit = ApiVisit(Client(), market, "signin")
    assert visit.start == 3
    assert walked(visit, sign_in_of(somebody, name, post)) == SIGN_IN_BY_API[market]


@pytest.mark.parametrize("market", WAYS)
def test_being_refused_at_sign_in(market: str, post: Post) -> None:
    somebody, _way = WAYS[market]
    kind = {"rs": "email", "id": "username", "ru": "mobile"}[market]
    names = {"known": member(post, somebody), "unknown": NOBODY[kind]}
    refused = {}
    for who, name in names.items():
        visit = ApiVisit(Client(), market, "signin")
        refused[who] = visit.refused("credentials", {kind: name, "password": "not the password"})
    assert refused == {"known": 7, "unknown": 7}


@pytest.mark.parametrize("market", WAYS)
def test_recovering_by_page(market: str, post: Post) -> None:
    somebody, _way = WAYS[market]
    steps = recovery_of(somebody, member(post, somebody), post)
    assert walked(PageVisit(Client(), market, "recover"), steps) == RECOVER_BY_PAGE[market]


@pytest.mark.parametrize("market", WAYS)
def test_recovering_by_api(market: str, post: Post) -> None:
    somebody, _way = WAYS[market]
    name = member(post, somebody)
    visit = ApiVisit(Client(), market, "recover")
    assert visit.start == 3
    assert walked(visit, recovery_of(somebody, name, post)) == RECOVER_BY_API[market]


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/healthz",
        "/rs/",
        "/rs/brand.css",
        "/rs/logo.svg",
        "/id/legal/licence/",
        "/rs/register/",
        "/id/register/",
        "/ru/register/",
        "/id/register/sharia/",
        "/rs/signin/",
        "/rs/recover/",
        "/id/recover-username/",
        "/id/recover-username/group/",
        "/nowhere/",
        "/api/v1/",
        "/api/v1/openapi.json",
        "/api/v1/rs",
        "/api/v1/rs/captcha",
        "/api/v1/id/documents/licence",
    ],
)
def test_what_every_stranger_sees_asks_nothing(address: str, client: Client) -> None:
    with asked() as found:
        client.get(address)
    assert found.statements == []


def test_a_members_pages_ask_the_same_for_one_policy_and_for_twenty(post: Post) -> None:
    name = member(post, JELENA)
    client, device = Client(), ApiVisit(Client(), "rs", "signin")
    walked(PageVisit(client, "rs", "signin"), sign_in_of(JELENA, name, post))
    walked(device, sign_in_of(JELENA, name, post))
    token = device.document["result"]["access_token"]

    def counts() -> dict[str, int]:
        return {
            "/rs/": count(client, "/rs/"),
            "/rs/home/": count(client, "/rs/home/"),
            "/api/v1/rs/me": count(Client(headers={"Authorization": f"Bearer {token}"}), "/api/v1/rs/me"),
        }

    with_one = counts()
    assert with_one == {"/rs/": 1, "/rs/home/": 11, "/api/v1/rs/me": 5}
    for number in range(2, 21):
        add_policy(Person.objects.get(), number)
    assert Membership.objects.count() == 20
    assert counts() == with_one


def test_the_inbox_asks_the_same_for_few_rows_and_for_many(client: Client, post: Post) -> None:
    addresses = ("/inbox/?market=id", "/inbox/messages.json?market=id", "/inbox/people.json?market=id")
    fill_inbox(range(1, 3), post)
    few = {address: count(client, address) for address in addresses}
    assert list(few.values()) == [9, 1, 6]
    fill_inbox(range(3, 13), post)
    assert {address: count(client, address) for address in addresses} == few


def count(client: Client, address: str) -> int:
    """Return the queries of one GET."""
    with asked() as found:
        assert client.get(address).status_code in (200, 302)
    return len(found)


def add_policy(person: Person, number: int) -> None:
    """Add another policy for somebody."""
    start = profile_of(person.market).today() - timedelta(days=number)
    policy = Policy.objects.create(
        market=person.market, type="individual", number=f"M-{number}", number_key=f"M{number}", start=start
    )
    Membership.objects.create(policy=policy, person=person, start=start)


def fill_inbox(numbers: range, post: Post) -> None:
    """Create sample people, each with an account, an SMS and three mails."""
    for number in numbers:
        card = f"{number:06}"
        somebody = BUDI.but(given_name=f"Budi {number}", participant_number=card, email=f"budi{number}@example.test")
        member(post, somebody)
        person = Person.objects.get(email=somebody.email)
        SamplePerson.objects.create(person=person, market="id", password=PASSWORD)
        for row, channel in enumerate(("sms", "email", "email", "email")):
            InboxMessage.objects.create(
                market="id",
                channel=channel,
                to=somebody.mobile if channel == "sms" else somebody.email,
                text="Hello",
                sent_at=timezone.now(),
                message_id=f"{number}-{row}",
            )
