"""Strangers learn nothing. The tests compare whole responses, database queries and written rows.

Each case names people whose responses must be the same. They type values of equal length, so that even Content-Length
is equal.
"""

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.membership.accounts.models import Account
from mypolis.membership.operators.locking import lock_account
from mypolis.membership.people.models import Person
from mypolis.membership.roster.invitations import invite
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, TICKS, Somebody, on_file
from tests.doors import ApiDoor
from tests.onlooker import Acts, Answers, Seen, Visitor, assert_alike
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, register, solved

WRONG_CODES = [("code", {"code": "000000"}), ("resend", {})]
TO_THE_END_OF_TRIES = [
    *WRONG_CODES,
    ("wait", {"seconds": 31}),
    ("resend", {}),
    *[("code", {"code": "000000"})] * 5,
]


@pytest.fixture(params=["page", "api"])
def way_in(request: pytest.FixtureRequest, db: None) -> str:
    """Both doors."""
    return str(request.param)


def member(somebody: Somebody, post: Post) -> str:
    """Put somebody on file and register them. Returns their sign-in name."""
    on_file(somebody)
    door = ApiDoor(Client())
    register(door, post, somebody)
    post.deliver()
    return {"rs": somebody.email, "id": door.shown(), "ru": somebody.mobile}[somebody.market]


def lock() -> None:
    """Staff lock the only account, because somebody else may know the password."""
    lock_account(account=Account.objects.get(), reason="suspicion", by=Actor("staff", "olga"))
    assert Account.objects.get().locked_at


def compare(door: str, journey: str, way: str, people: dict[str, Answers], step: str, post: Post, market: str,
            more: Acts = (), *, times: int = 1) -> dict[str, list[Seen]]:  # fmt: skip
    """Answer the first step `times` times with each person's answers, then go on. All responses must be the same."""
    seen = {}
    for number, (name, answers) in enumerate(people.items(), 1):
        visitor = Visitor(door, market, journey, way, number)
        seen[name] = visitor.walk([*[(step, answers)] * times, *more], post)
    assert_alike(seen)
    return seen


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_sign_in_an_unknown_name_is_a_wrong_password_up_to_the_limit(way_in: str, post: Post, market: str) -> None:
    known = member({"rs": JELENA, "id": BUDI, "ru": ANNA}[market], post)
    field_, unknown = {
        "rs": ("email", "helena@example.test"),
        "id": ("username", "nobody2345"),
        "ru": ("mobile", "+79165550067"),
    }[market]
    people = {who: {field_: name, "password": "not this one"} for who, name in (("known", known), ("not", unknown))}
    seen = compare(way_in, "signin", "", people, "credentials", post, market, times=11)
    assert [one.status for one in seen["not"] if one.status in (422, 429)] == [422] * 10 + [429]


@pytest.mark.parametrize("market", ["rs", "id", "ru"])
def test_sign_in_a_locked_account_is_a_wrong_password_up_to_the_limit(way_in: str, post: Post, market: str) -> None:
    known = member({"rs": JELENA, "id": BUDI, "ru": ANNA}[market], post)
    lock()
    field_, unknown = {
        "rs": ("email", "helena@example.test"),
        "id": ("username", "nobody2345"),
        "ru": ("mobile", "+79165550067"),
    }[market]
    people = {who: {field_: name, "password": "not this one"} for who, name in (("locked", known), ("not", unknown))}
    seen = compare(way_in, "signin", "", people, "credentials", post, market, times=11)
    assert [one.status for one in seen["locked"] if one.status in (422, 429)] == [422] * 10 + [429]


class TestRecovery:
    """An unknown name, a known name, and a known name with another wrong detail."""

    def test_in_serbia_to_the_last_page(self, way_in: str, post: Post) -> None:
        member(JELENA, post)
        right = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "captcha": solved}
        people = {
            "nobody": right | {"national_id": "2206978816007"},
            "known": right,
            "wrong policy": right | {"policy_number": "RS-9999"},
        }
        seen = compare(way_in, "recover", "", people, "identity", post, "rs")
        assert [letter.template for letter in post.to(JELENA.email)].count("temporary-password") == 1
        assert seen["nobody"][-1].status == 200

    def test_in_serbia_a_locked_account_is_nobody_too(self, way_in: str, post: Post) -> None:
        member(JELENA, post)
        lock()
        right = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "captcha": solved}
        people = {"nobody": right | {"national_id": "2206978816007"}, "locked": right}
        seen = compare(way_in, "recover", "", people, "identity", post, "rs")
        assert seen["locked"][-1].status == 200

    def test_in_indonesia_a_locked_account_is_like_another(self, way_in: str, post: Post) -> None:
        people = {"nobody": {"username": "nobody2345"}, "locked": {"username": member(BUDI, post)}}
        lock()
        seen = compare(way_in, "recover", "", people, "identity", post, "id", TO_THE_END_OF_TRIES)
        assert 429 in [one.status for one in seen["locked"]]

    def test_in_serbia_somebody_on_file_without_an_account_is_nobody_too(self, way_in: str, post: Post) -> None:
        on_file(JELENA)
        right = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "captcha": solved}
        people = {"nobody": right | {"national_id": "2206978816007"}, "on file": right}
        seen = compare(way_in, "recover", "", people, "identity", post, "rs")
        assert seen["nobody"][-1].status == 200

    def test_in_indonesia_to_the_end_of_the_tries(self, way_in: str, post: Post) -> None:
        people = {"nobody": {"username": "nobody2345"}, "known": {"username": member(BUDI, post)}}
        seen = compare(way_in, "recover", "", people, "identity", post, "id", TO_THE_END_OF_TRIES)
        assert seen["nobody"][-1].status == 429

    def test_in_russia_to_the_end_of_the_tries(self, way_in: str, post: Post) -> None:
        member(ANNA, post)
        member(ANNA.but(given_name="Вера", mobile="+79160000067", email="vera@example.test"), post)
        people = {
            "nobody": {"mobile": "+79165550067", "birth_date": ANNA.birth_date},
            "known": {"mobile": ANNA.mobile, "birth_date": ANNA.birth_date},
            "another day": {"mobile": "+79160000067", "birth_date": "1999-03-14"},
        }
        seen = compare(way_in, "recover", "", people, "identity", post, "ru", TO_THE_END_OF_TRIES)
        assert seen["nobody"][-1].status == 429

    def test_of_the_username_to_the_last_page(self, way_in: str, post: Post) -> None:
        member(BUDI, post)
        on_file(
            BUDI.but(given_name="Ayu", birth_date="1991-01-02", participant_number="000777", email="ayuu@example.test")
        )
        people = {
            "nobody": card_form(participant_number="000999", email="dodi@example.test"),
            "known": card_form(),
            "no account": card_form(participant_number="000777", email="ayuu@example.test", birth_date="1991-01-02"),
            "wrong day": card_form(birth_date="1990-05-18"),
        }
        compare(way_in, "recover-username", "group", people, "identity", post, "id")
        assert [letter.template for letter in post.to(BUDI.email)].count("username") == 1


class TestRegistration:
    """Every failed match gets the same response. An account, or a taken number, is revealed only after a code."""

    def test_in_serbia_no_match_is_one_answer(self, way_in: str, post: Post) -> None:
        on_file(JELENA)
        on_file(JELENA.but(given_name="Marko", national_id="2206978816007", policy_number="RS-2003", end=-3))
        on_file(JELENA.but(given_name="Ana", national_id="0101006500006", policy_number="RS-2004", start=9_000))
        form = client_form() | {"captcha": solved}
        people = {
            "nobody": form | {"national_id": "1505995800002"},
            "wrong policy": form | {"policy_number": "RS-9999"},
            "wrong mobile": form | {"mobile": "+381641234599"},
            "ended": form | {"national_id": "2206978816007", "policy_number": "RS-2003"},
            "not begun": form | {"national_id": "0101006500006", "policy_number": "RS-2004"},
        }
        seen = compare(way_in, "register", "client", people, "identity", post, "rs")
        assert seen["nobody"][-1].status == 422

    def test_in_indonesia_no_match_is_one_answer(self, way_in: str, post: Post) -> None:
        on_file(BUDI)
        on_file(BUDI.but(given_name="Ayu", participant_number="000777", email="ayuu@example.test", end=-3))
        people = {
            "nobody": card_form(participant_number="000999", email="dodi@example.test"),
            "wrong e-mail": card_form(email="bude@example.test"),
            "wrong day": card_form(birth_date="1990-05-18"),
            "ended": card_form(participant_number="000777", email="ayuu@example.test"),
        }
        seen = compare(way_in, "register", "group", people, "identity", post, "id")
        assert seen["nobody"][-1].status == 422

    def test_in_russia_no_match_is_one_answer(self, way_in: str, post: Post) -> None:
        on_file(ANNA)
        on_file(ANNA.but(given_name="Вера", end=-3))
        people = {
            "nobody": open_form(surname="Синицына", mobile="+79165550067", email="inna@example.test"),
            "wrong day": open_form(birth_date="1988-03-15"),
            "wrong patronymic": open_form(patronymic="Андреевна"),
            "wrong contacts": open_form(mobile="+79165550067", email="inna@example.test"),
            "ended": open_form(given_name="Вера"),
        }
        seen = compare(way_in, "register", "open", people, "identity", post, "ru")
        assert seen["nobody"][-1].status == 422

    def test_in_indonesia_an_account_is_told_to_nobody_before_the_code(self, way_in: str, post: Post) -> None:
        member(BUDI, post)
        new = BUDI.but(given_name="Ayu", participant_number="000777", email="bela@example.test")
        on_file(new)
        more = [("licence", {"accept_licence": True}), *WRONG_CODES]
        people = {"new": card_form(new), "member": card_form()}
        seen = compare(way_in, "register", "group", people, "identity", post, "id", more)
        assert [one.status for one in seen["new"]][-2:] == [422, 429]  # a wrong code, and another asked for too soon

    def test_in_russia_a_taken_number_and_an_account_are_told_to_nobody_before_the_code(
        self, way_in: str, post: Post
    ) -> None:
        member(ANNA.but(given_name="Вера", mobile="+79160000067", email="vera@example.test"), post)
        member(ANNA, post)
        new = ANNA.but(given_name="Инна", mobile="+79165550067", email="inna@example.test")
        on_file(new)
        people = {
            "new": open_form(new),
            "member": open_form(),
            "taken": open_form(new, mobile="+79160000067"),
            "taken e-mail": open_form(new, email="vera@example.test"),
        }
        seen = compare(way_in, "register", "open", people, "identity", post, "ru", WRONG_CODES)
        assert [one.status for one in seen["new"]][-2:] == [422, 429]  # a wrong code, and another asked for too soon

    def test_in_serbia_the_last_page_is_the_same_for_a_member(self, way_in: str, post: Post) -> None:
        member(JELENA, post)
        new = JELENA.but(
            given_name="Marko", national_id="2206978816007", email="jovan@example.test", policy_number="RS-2003"
        )
        on_file(new)
        seen = {}
        for number, somebody in enumerate((new, JELENA), 1):
            visitor = Visitor(way_in, "rs", "register", "client", number)
            visitor.walk([("identity", client_form(somebody) | {"captcha": solved})], post)
            seen[somebody.given_name] = visitor.seen
        for one, other in zip(*seen.values(), strict=True):
            assert (one.status, one.headers, one.cookies, one.body) == (
                other.status, other.headers, other.cookies, other.body,
            )  # fmt: skip
        assert Account.objects.count() == 2
        assert post.to(JELENA.email)[0].template == "account-exists"


class TestInvitation:
    """A link reveals the invited person's name to anybody who has it, and nothing else."""

    def test_an_unknown_link_and_one_of_another_market_are_alike(self, way_in: str, post: Post) -> None:
        token = self.link(ANNA, post)
        seen = {}
        for number, (market, link) in enumerate([("rs", "A" * 43), ("rs", token)], 1):
            visitor = Visitor(way_in, market, "register", "invitation", number, invitation=link)
            seen[link] = visitor.walk([], post)
        assert_alike(seen)

    def test_a_wrong_policy_and_somebody_elses_are_alike(self, way_in: str, post: Post) -> None:
        inna, asya = self.twin("Синицына", "+79165550067"), self.twin("Ласточка", "+79165551167")
        on_file(asya.but(policy_number="ДМС-204/8"))
        seen = self.walks(way_in, {ANNA: self.link(ANNA, post), inna: self.link(inna, post)}, post)
        assert [found[-1].status for found in seen.values()] == [422, 422]

    def test_a_link_that_the_list_made_void_is_told_alike_whatever_the_change(self, way_in: str, post: Post) -> None:
        inna = self.twin("Синицына", "+79165550067")
        links = {ANNA: self.link(ANNA, post), inna: self.link(inna, post)}
        Person.objects.filter(email=ANNA.email).update(email_key="other@example.test")
        Person.objects.get(email=inna.email).memberships.update(end=timezone.localdate() - timedelta(days=3))
        seen = self.walks(way_in, links, post)
        assert [found[-1].status for found in seen.values()] == [410, 410]

    def walks(self, way_in: str, links: dict[Somebody, str], post: Post) -> dict[str, list[Seen]]:
        """Each holder's first page and the response to it. All must be the same, except for the queries."""
        seen = {}
        own = {"mobile": "+79165550099", "password": PASSWORD, "password_repeat": PASSWORD, **TICKS}
        policies = iter(("ДМС-999/9", "ДМС-204/8"))
        with time_machine.travel(timezone.now(), tick=False):
            for number, (somebody, link) in enumerate(links.items(), 1):
                visitor = Visitor(way_in, "ru", "register", "invitation", number, invitation=link)
                visitor.start()
                if visitor.seen[0].status < 400:
                    visitor.act("identity", own | {"policy_number": next(policies)})
                seen[somebody.surname] = visitor.seen
        assert_alike(seen, but={"statements"})
        return seen

    def twin(self, surname: str, mobile: str) -> Somebody:
        return ANNA.but(surname=surname, mobile=mobile, email=f"anna{mobile[-4:]}@example.test")

    def link(self, somebody: Somebody, post: Post) -> str:
        person = on_file(somebody)
        invite(market="ru", person_ids=[person.pk], by=SYSTEM)
        return post.to(somebody.email)[0].links[0].rsplit("/", 1)[1]
