"""Registration in Russia: who is found, who is not, and what each way proves. Refusals come first."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.consents.models import Consent
from mypolis.membership.people.models import Membership, Person
from mypolis.membership.roster.invitations import invite
from tests.cast import ALI, ANNA, PASSWORD, TICKS, VERA, Somebody, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import open_form, register

NO_MATCH = {("", "no_match")}


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "Соколов"},
        {"given_name": "Нина"},
        {"birth_date": "1988-03-15"},
        {"patronymic": ""},
        {"patronymic": "Нет"},
        {"surname": "Sokolova", "given_name": "Anna", "patronymic": "Sergeevna"},
        {"given_name": "Сергеевна", "patronymic": "Анна"},
        {"mobile": "+79160000000", "email": "else@example.test"},
    ],
    ids=["surname", "given", "born", "no-patronymic", "none-typed", "latin", "order", "no-contact"],
)
def test_a_field_that_differs_finds_nobody(door: Door, post: Post, changes: dict[str, str]) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    reply = door.answer("identity", **open_form(ANNA, **changes))
    assert (reply.status, reply.errors, reply.step) == (422, NO_MATCH, "identity")
    assert post.deliver() == []


@pytest.mark.parametrize(("start", "end"), [(-100, -1), (30, None)], ids=["ended", "next-month"])
def test_somebody_who_is_not_covered_today_gets_the_ordinary_answer(door: Door, start: int, end: int | None) -> None:
    on_file(ANNA.but(start=start, end=end))
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form()).errors == NO_MATCH


@pytest.mark.parametrize(
    "changes",
    [
        {"surname": "СОКОЛОВА", "given_name": "анна"},
        {"surname": "  Соколова  ", "patronymic": "Сергеевна "},
        {"surname": "Cоколова"},  # a Latin C
        {"surname": "Соколова Анна", "given_name": "Сергеевна", "patronymic": ""},
        {"mobile": "8 (916) 123-45-67"},
        {"mobile": "79161234567"},
        {"mobile": "916 123 45 67"},
        {"mobile": "+7-916-123-45-67", "email": "else@example.test"},
        {"email": "ANNA@Example.Test", "mobile": "+79160000000"},
    ],
)
def test_the_way_of_writing_does_not_matter(door: Door, changes: dict[str, str]) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(ANNA, **changes)).step == "code"


@pytest.mark.parametrize(
    ("surname", "given_name"),
    [("", "Сухарто"), ("-", "Сухарто"), ("Сухарто", "—"), ("Сухарто", ""), ("нет", "сухарто")],
)
@pytest.mark.parametrize("patronymic", ["", "-", "нет"])
def test_somebody_with_one_name_registers(
    door: Door, post: Post, surname: str, given_name: str, patronymic: str
) -> None:
    suharto = VERA.but(surname="", given_name="Сухарто")
    on_file(suharto)
    door.start("ru", "register", "open")
    form = open_form(suharto, surname=surname, given_name=given_name, patronymic=patronymic)
    assert door.answer("identity", **form).step == "code"
    assert door.answer("code", code=post.code(suharto.mobile)).result is not None


def test_a_name_that_was_forgotten_is_asked_for(door: Door) -> None:
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(ANNA, surname="")).errors == {("surname", "required")}
    assert door.answer("identity", **open_form(VERA, surname="", given_name="")).errors == {
        ("surname", "required"),
        ("given_name", "required"),
    }


@pytest.mark.parametrize(
    ("surname", "given_name", "patronymic"),
    [
        ("Мамедов", "Али", "Гасан оглы"),
        ("Мамедов Али", "Гасан", "оглы"),
        ("Мамедов", "Али Гасан", "ОГЛЫ"),
        ("Мамедов", "Али", "Гасан-оглы"),
    ],
)
def test_a_name_of_four_words_matches_however_it_is_split(
    door: Door, surname: str, given_name: str, patronymic: str
) -> None:
    on_file(ALI)
    door.start("ru", "register", "open")
    form = open_form(ALI, surname=surname, given_name=given_name, patronymic=patronymic)
    assert door.answer("identity", **form).step == "code"


def test_the_fourth_word_on_file_must_be_typed(door: Door) -> None:
    on_file(ALI)
    door.start("ru", "register", "open")
    assert door.answer("identity", **open_form(ALI, patronymic="Гасан")).errors == NO_MATCH


@pytest.mark.parametrize("patronymic", ["", "-", "нет", "Ильинична"])
def test_a_patronymic_that_is_not_on_file_may_be_typed_or_not(door: Door, patronymic: str) -> None:
    on_file(VERA)
    door.start("ru", "register", "open")
    form = open_form(VERA, surname="Семенова", patronymic=patronymic)
    assert door.answer("identity", **form).step == "code"


def test_twins_are_told_apart_by_their_given_names(door: Door, post: Post) -> None:
    on_file(ANNA)
    twin = on_file(ANNA.but(given_name="Алла", mobile="+79161234568"))
    register(door, post, ANNA.but(given_name="Алла", mobile="+79161234568", email="alla@example.test"))
    assert Account.objects.get().person == twin


def test_a_landline_or_a_foreign_number_is_refused_with_the_reason(door: Door) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    assert ("mobile", "not_mobile") in door.answer("identity", **open_form(mobile="+7 495 123-45-67")).errors
    assert ("mobile", "wrong_country") in door.answer("identity", **open_form(mobile="+7 701 123 45 67")).errors


def test_both_obligatory_ticks_are_needed_and_the_third_is_not(door: Door) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    form = open_form(accept_rules=False, accept_personal_data=False)
    reply = door.answer("identity", **form)
    assert reply.errors == {("accept_rules", "required"), ("accept_personal_data", "required")}


def test_consents_are_written_down_one_by_one(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    given = {consent.document: (consent.version, len(consent.digest)) for consent in Consent.objects.all()}
    assert set(given) == {"rules", "personal_data"}
    assert all(version and length == 64 for version, length in given.values())


def test_with_the_mobile_on_file_the_email_stays_silent_until_its_link_is_used(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA.but(email="new@example.test"))
    letters = post.to("new@example.test")
    assert [letter.template for letter in letters] == ["confirm-email"]
    address = ContactPoint.objects.get(kind="email")
    assert address.confirmed_at is None
    assert Account.objects.get().mailable_address is None

    link = letters[0].links[0].split("localhost:8000")[1]
    client = door.client
    for _look in range(2):
        assert client.get(link).status_code == 200
    address.refresh_from_db()
    assert address.confirmed_at is None  # a scanner that opens the link confirms nothing
    assert client.post(link).status_code == 200
    address.refresh_from_db()
    assert address.confirmed_at is not None
    assert client.post(link).status_code == 410


def test_with_another_mobile_the_email_on_file_must_be_proven_too(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(mobile="+79160000001"))
    reply = door.answer("code", code=post.code("+79160000001"))
    assert reply.step == "email-code"
    assert not Account.objects.exists()
    door.answer("email-code", code=post.code(ANNA.email))
    account = Account.objects.get()
    assert account.mailable_address == ANNA.email
    assert {letter.template for letter in post.letters} == {"code"}


def test_a_mobile_of_another_account_is_told_only_after_its_code(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    husband = ANNA.but(surname="Соколов", given_name="Олег", patronymic="Петрович", email="oleg@example.test")
    on_file(husband.but(mobile="+79160000002"))
    door.start("ru", "register", "open")
    reply = door.answer("identity", **open_form(husband, mobile=ANNA.mobile))
    assert reply.step == "code"
    reply = door.answer("code", code=post.code(ANNA.mobile))
    assert (reply.status, reply.step) == (422, "code")
    assert "taken" in reply.codes
    door.back("identity")
    door.answer("identity", **open_form(husband, mobile="+79160000002"))
    reply = door.answer("code", code=post.code("+79160000002"))
    assert reply.status == 200
    assert Account.objects.count() == 2


def test_an_email_of_another_account_in_other_capitals_is_taken_too(door: Door, post: Post) -> None:
    on_file(ANNA.but(email=""))
    on_file(VERA)
    register(door, post, VERA)
    ContactPoint.objects.filter(kind="email").update(confirmed_at=timezone.now())
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(email="VERA@example.TEST"))
    reply = door.answer("code", code=post.code(ANNA.mobile))
    assert (reply.status, reply.step) == (422, "code")
    assert "taken" in reply.codes


def test_an_email_that_somebody_only_typed_blocks_nobody(door: Door, post: Post) -> None:
    on_file(VERA)
    register(door, post, VERA.but(email=ANNA.email))
    on_file(ANNA)
    assert register(door, post, ANNA).status == 200
    assert Account.objects.count() == 2


def test_somebody_registered_goes_the_same_way_and_is_led_to_signin(door: Door, post: Post) -> None:
    on_file(ANNA)
    register(door, post, ANNA)
    door.sign_out()
    reply = register(door, post, ANNA)
    assert reply.result == {"next": "signin"}
    assert Account.objects.count() == 1
    assert not door.is_signed_in()


def test_cover_that_ends_midway_gives_the_ordinary_answer_at_the_next_step(door: Door, post: Post) -> None:
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form())
    Membership.objects.update(end=timezone.localdate() - timedelta(days=1))
    reply = door.answer("code", code=post.code(ANNA.mobile))
    assert (reply.status, reply.step) == (422, "identity")
    assert not Account.objects.exists()


def test_the_same_person_on_two_policies_has_one_account(door: Door, post: Post) -> None:
    on_file(ANNA)
    on_file(ANNA.but(policy_number="ДМС-9", employer="other"))
    register(door, post, ANNA)
    assert Account.objects.get().person.memberships.count() == 2


class TestInvitations:
    """Registration by link."""

    def link(self, post: Post, somebody: Somebody = ANNA) -> str:
        person = on_file(somebody)
        invite(market="ru", person_ids=[person.pk], by=SYSTEM)
        letter = post.to(somebody.email)[0]
        assert somebody.policy_number in letter.text
        return letter.links[0].rsplit("/", 1)[1]

    def form(self, **changes: object) -> dict[str, object]:
        return {
            "policy_number": "дмс 204 7",
            "mobile": "+79160000003",
            "password": PASSWORD,
            "password_repeat": PASSWORD,
            **TICKS,
            **changes,
        }

    def test_an_unknown_link_is_gone(self, door: Door) -> None:
        assert door.start("ru", "register", "invitation", invitation="x" * 43).status == 410

    def test_the_link_of_somebody_terminated_is_gone(self, door: Door, post: Post) -> None:
        token = self.link(post)
        Membership.objects.update(end=timezone.localdate() - timedelta(days=1))
        assert door.start("ru", "register", "invitation", invitation=token).status == 410

    def test_whoever_is_terminated_after_beginning_gets_the_ordinary_answer(self, door: Door, post: Post) -> None:
        door.start("ru", "register", "invitation", invitation=self.link(post))
        assert door.answer("identity", **self.form(policy_number="ДМС-999")).errors == NO_MATCH
        Membership.objects.update(end=timezone.localdate() - timedelta(days=1))
        reply = door.answer("identity", **self.form())
        assert (reply.status, reply.errors) == (422, NO_MATCH)

    def test_a_link_that_dies_after_beginning_is_gone(self, door: Door, post: Post) -> None:
        door.start("ru", "register", "invitation", invitation=self.link(post))
        assert door.answer("identity", **self.form(policy_number="ДМС-999")).errors == NO_MATCH
        Person.objects.update(email_key="corrected@example.test")
        assert door.answer("identity", **self.form()).status == 410

    def test_a_link_dies_when_the_email_on_file_changes(self, door: Door, post: Post) -> None:
        token = self.link(post)
        person = Person.objects.get()
        person.email = "corrected@example.test"
        person.write_keys()
        person.save()
        assert door.start("ru", "register", "invitation", invitation=token).status == 410

    def test_a_link_older_than_its_life_is_gone(self, door: Door, post: Post) -> None:
        token = self.link(post)
        with time_machine.travel(timezone.now() + timedelta(days=15), tick=False):
            assert door.start("ru", "register", "invitation", invitation=token).status == 410

    def test_another_policy_number_is_the_ordinary_answer(self, door: Door, post: Post) -> None:
        door.start("ru", "register", "invitation", invitation=self.link(post))
        assert door.answer("identity", **self.form(policy_number="ДМС-999")).errors == NO_MATCH

    def test_looking_consumes_nothing_and_the_page_greets_by_name(self, door: Door, post: Post) -> None:
        token = self.link(post)
        for _look in range(3):
            reply = door.start("ru", "register", "invitation", invitation=token)
            assert "Анна Сергеевна" in reply.text

    def test_it_works_on_another_device_than_it_was_opened_on(self, door: Door, post: Post) -> None:
        token = self.link(post)
        type(door)(Client()).start("ru", "register", "invitation", invitation=token)
        door.start("ru", "register", "invitation", invitation=token)
        door.answer("identity", **self.form())
        assert door.answer("code", code=post.code("+79160000003")).status == 200

    def test_a_used_link_says_so_and_leads_to_sign_in(self, client: Client, post: Post) -> None:
        token = self.link(post)
        door = ApiDoor(client)
        door.start("ru", "register", "invitation", invitation=token)
        door.answer("identity", **self.form())
        door.answer("code", code=post.code("+79160000003"))
        page = Client().get(f"/ru/i/{token}")
        assert page.status_code == 410
        assert 'href="/ru/signin/"' in page.content.decode()

    def test_it_registers_proves_the_email_and_is_then_used_up(self, door: Door, post: Post) -> None:
        token = self.link(post)
        door.start("ru", "register", "invitation", invitation=token)
        assert door.answer("identity", **self.form()).step == "code"
        door.answer("code", code=post.code("+79160000003"))
        assert door.is_signed_in()
        assert Account.objects.get().mailable_address == ANNA.email
        reply = door.start("ru", "register", "invitation", invitation=token)
        assert reply.status == 410

    def test_an_address_that_is_used_up_never_blocks_the_holder_of_a_link(
        self, door: Door, post: Post, settings: Any
    ) -> None:
        token = self.link(post)
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"limit_factor": 0.0001})
        on_file(VERA)
        door.start("ru", "register", "open")
        door.answer("identity", **open_form(VERA))
        stranger = type(door)(Client())
        stranger.start("ru", "register", "open")
        assert stranger.answer("identity", **open_form(VERA)).status in (404, 429)
        holder = type(door)(Client())
        holder.start("ru", "register", "invitation", invitation=token)
        assert holder.answer("identity", **self.form()).step == "code"
