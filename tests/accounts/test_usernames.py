"""New usernames in bulk: one each, told once, the old name honoured for a while, the password as it was."""

import argparse
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.events.models import Event
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.notices.models import Message
from mypolis.membership.accounts.commands import add_parser
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.models import Account, ContactPoint, Username
from mypolis.membership.accounts.usernames import generated_usernames
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.accounts.usernames.username_campaigns import (
    IssuingRefusedError,
    campaign_of_today,
    issue_usernames,
)
from mypolis.membership.signin.credentials import find_account
from tests.cast import BUDI, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import ApiDoor, Door
from tests.post import Post
from tests.registration.steps import register, sign_in

LIFE = profile_of("id").old_username_life


def member(number: int, *, confirmed: bool = True, employer: str = "romashka") -> Account:
    """A member with a username, as registration leaves one."""
    somebody = BUDI.but(
        given_name=f"Budi {number}", participant_number=f"{number:06}", email=f"budi{number}@example.test",
        employer=employer, policy_number=f"GRP-{employer}",
    )  # fmt: skip
    opened = create_account(
        person=on_file(somebody),
        password_hash=hash_password(PASSWORD) if number == 1 else "!",
        language="id",
        contacts=[NewContact("email", somebody.email, confirmed=confirmed)],
        by=SYSTEM,
        username=reserve_username("id"),
    )
    return Account.objects.get(pk=opened.pk)


def name_of(account: Account) -> str:
    return Account.objects.get(pk=account.pk).username_or_none or ""


def letters() -> list[str]:
    """To whom the news is on its way."""
    messages = Message.objects.filter(template="username-issued")
    return sorted(str(message.to) for message in messages)


def run(*arguments: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    parsed = parser.parse_args(["usernames", "issue", *arguments])
    return int(parsed.run(parsed))


@pytest.mark.django_db
class TestRefused:
    @pytest.mark.parametrize("market", ["rs", "ru"])
    def test_a_market_without_usernames_is_told_in_a_sentence(
        self, market: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run("--market", market, "--json") == 1
        printed = capsys.readouterr()
        assert f"Members of the market {market} do not use usernames." in printed.err
        assert json.loads(printed.out)["error"]["code"] == "no_usernames"
        assert not Username.objects.exists()

    def test_a_market_that_is_not_served_is_a_mistake_of_use(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run("--market", "xx") == 2
        assert "rs, id, ru" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "wrong", [("--batch", "0"), ("--batch", "-3"), ("--batch", "many"), ("--campaign", ""), ("--campaign", "a b")]
    )
    def test_a_wrong_option_is_a_mistake_of_use(self, wrong: tuple[str, str]) -> None:
        with pytest.raises(SystemExit, match="2"):
            run("--market", "id", *wrong)

    def test_an_unknown_employer_is_told_and_nobody_gets_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        member(1)
        assert run("--market", "id", "--employer", "nobody") == 1
        assert "no employer nobody" in capsys.readouterr().err
        assert letters() == []

    def test_a_run_after_midnight_that_names_no_campaign_asks_which(self) -> None:
        member(1)
        issue_usernames(market="id", campaign="2026-11-20", by=SYSTEM)
        with pytest.raises(IssuingRefusedError, match="The campaign 2026-11-20 issued"):
            campaign_of_today("id")
        with time_machine.travel(timezone.now() + timedelta(days=1, minutes=1), tick=False):
            assert campaign_of_today("id") == profile_of("id").today().isoformat()

    def test_who_cannot_be_told_keeps_the_username_and_is_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        typed_only, nowhere = member(1, confirmed=False), member(2)
        nowhere.contact_points.all().delete()
        before = [name_of(typed_only), name_of(nowhere)]
        assert run("--market", "id", "--json") == 1
        told = json.loads(capsys.readouterr().out)
        assert told["no_address"] == {"count": 2, "accounts": [typed_only.pk, nowhere.pk]}
        assert (told["issued"], told["left"]) == (0, 0)
        assert [name_of(typed_only), name_of(nowhere)] == before
        assert not Username.objects.exclude(replaced_at=None).exists()
        ContactPoint.objects.update(confirmed_at=timezone.now())
        assert run("--market", "id") == 1
        assert f"username unchanged: 1\n  account {nowhere.pk}\n" in capsys.readouterr().out
        assert letters() == ["budi1@example.test"]


@pytest.mark.django_db
class TestIssued:
    def test_a_dry_run_tells_the_same_and_changes_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        for number in range(1, 4):
            member(number, confirmed=number != 3)
        names, events = list(Username.objects.values()), Event.objects.count()
        assert run("--market", "id", "--dry-run", "--batch", "1", "--json") == 1
        would = json.loads(capsys.readouterr().out)
        assert (list(Username.objects.values()), Event.objects.count(), letters()) == (names, events, [])
        assert run("--market", "id", "--json") == 1
        assert json.loads(capsys.readouterr().out) == would | {"dry_run": False}
        assert would["issued"] == 2

    def test_everybody_is_told_once_and_a_second_run_gives_nothing(self, capsys: pytest.CaptureFixture[str]) -> None:
        members = [member(number) for number in range(1, 4)]
        before = [name_of(account) for account in members]
        assert run("--market", "id", "--batch", "2") == 0
        assert "New usernames: 3" in capsys.readouterr().out
        after = [name_of(account) for account in members]
        assert not set(before) & set(after)
        assert run("--market", "id") == 0
        assert "New usernames: 0\nGiven by this campaign before: 3" in capsys.readouterr().out
        assert [name_of(account) for account in members] == after
        assert letters() == [f"budi{number}@example.test" for number in range(1, 4)]

    def test_the_mail_names_the_username_and_the_event_does_not(self, post: Post) -> None:
        account = member(1)
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        (letter,) = post.to("budi1@example.test")
        assert letter.template == "username-issued"
        assert name_of(account) in letter.text
        event = Event.objects.get(kind="account.username_issued")
        newest = account.usernames.latest("id")
        assert (event.subject, event.facts) == (f"accounts.account:{account.pk}", {"username": newest.pk})

    def test_only_people_on_the_employers_policies_get_one(self) -> None:
        ours, others = member(1, employer="melati"), member(2, employer="romashka")
        old = [name_of(ours), name_of(others)]
        issue_usernames(market="id", campaign="may", employer="melati", by=SYSTEM)
        assert name_of(ours) != old[0]
        assert name_of(others) == old[1]

    def test_who_joined_after_the_campaign_began_keeps_the_username_of_registration(self) -> None:
        member(1)
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        newcomer = member(2)
        shown = name_of(newcomer)
        assert issue_usernames(market="id", campaign="may", by=SYSTEM).issued == 0
        assert name_of(newcomer) == shown

    def test_a_username_of_anybody_is_never_given_again(self, monkeypatch: pytest.MonkeyPatch) -> None:
        account = member(1)
        first = name_of(account)
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        second = name_of(account)
        inventions = iter([first, second, "kadusa4826"])
        monkeypatch.setattr(generated_usernames, "_invent", lambda: next(inventions))
        with time_machine.travel(timezone.now() + LIFE + timedelta(days=1), tick=False):
            issue_usernames(market="id", campaign="august", by=SYSTEM)
        assert name_of(account) == "kadusa4826"

    def test_the_database_itself_refuses_a_second_one_of_a_campaign(self) -> None:
        account = member(1)
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        with pytest.raises(IntegrityError, match="username_once_a_campaign"):
            Username.objects.create(market="id", value="kadusa4826", account=account, campaign="may")

    def test_a_run_killed_midway_goes_on_and_nobody_gets_two(self, monkeypatch: pytest.MonkeyPatch) -> None:
        members = [member(number) for number in range(1, 6)]
        send, sent = notices.send, list[str]()

        def dies_at_the_fourth(**message: Any) -> Message:
            if len(sent) == 3:
                raise KeyboardInterrupt
            sent.append(str(message["to"]))
            return send(**message)

        with monkeypatch.context() as patch:
            patch.setattr(notices, "send", dies_at_the_fourth)
            with pytest.raises(KeyboardInterrupt):
                issue_usernames(market="id", campaign="may", batch=2, by=SYSTEM)
        assert letters() == ["budi1@example.test", "budi2@example.test"]
        first = [name_of(account) for account in members[:2]]
        done = issue_usernames(market="id", campaign="may", batch=2, by=SYSTEM)
        assert (done.before, done.issued, done.left) == (2, 3, 0)
        assert [name_of(account) for account in members[:2]] == first
        assert letters() == [f"budi{number}@example.test" for number in range(1, 6)]
        assert [account.usernames.count() for account in members] == [2] * 5

    def test_a_member_more_costs_the_same_whatever_the_batch(self) -> None:
        def asked(campaign: str) -> int:
            with CaptureQueriesContext(connection) as captured:
                issue_usernames(market="id", campaign=campaign, by=SYSTEM)
            return sum("SAVEPOINT" not in query["sql"] for query in captured)

        member(1)
        with_one = asked("a")
        member(2)
        with_two = asked("b")
        member(3)
        member(4)
        assert asked("c") - with_two == 2 * (with_two - with_one)
        assert with_two - with_one <= 9


@pytest.mark.django_db(transaction=True)
class TestSideBySide:
    def test_two_runs_at_once_share_the_work(self) -> None:
        members = [member(number) for number in range(1, 31)]

        def in_thread(_number: int) -> int:
            try:
                return issue_usernames(market="id", campaign="may", batch=3, by=SYSTEM).issued
            finally:
                connection.close()

        with ThreadPoolExecutor(3) as pool:
            assert sum(pool.map(in_thread, range(3))) == 30
        assert [account.usernames.count() for account in members] == [2] * 30
        assert len(letters()) == len(set(letters())) == 30

    def test_an_account_in_use_is_left_for_the_next_run_and_told(self, capsys: pytest.CaptureFixture[str]) -> None:
        busy, free = member(1), member(2)

        def in_thread(*arguments: str) -> int:
            try:
                return run(*arguments)
            finally:
                connection.close()

        with ThreadPoolExecutor(1) as pool:
            with transaction.atomic():
                Account.objects.select_for_update().get(pk=busy.pk)
                assert pool.submit(in_thread, "--market", "id", "--campaign", "may").result() == 1
            assert "In use by others just now: 1. Run again with --campaign may." in capsys.readouterr().out
            assert (busy.usernames.count(), free.usernames.count()) == (1, 2)
            assert pool.submit(in_thread, "--market", "id", "--campaign", "may").result() == 0
        assert (busy.usernames.count(), free.usernames.count()) == (2, 2)


@pytest.mark.django_db
class TestTheOldName:
    def test_after_its_life_it_is_as_wrong_as_a_strangers(self, door: Door, post: Post) -> None:
        on_file(BUDI)
        register(door, post, BUDI)
        account = Account.objects.get()
        old, password_hash = name_of(account), account.password_hash
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        assert Account.objects.get().password_hash == password_hash
        door.sign_out()
        with time_machine.travel(timezone.now() + LIFE, tick=False):
            assert sign_in(door, post, BUDI, old).codes == {"bad_credentials"}
            sign_in(door, post, BUDI, name_of(account))
            assert door.is_signed_in()

    def test_during_its_life_it_signs_in_beside_the_new_one(self, door: Door, post: Post) -> None:
        on_file(BUDI)
        register(door, post, BUDI)
        old = name_of(Account.objects.get())
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        with time_machine.travel(timezone.now() + LIFE - timedelta(minutes=5), tick=False):
            for name in (old, name_of(Account.objects.get())):
                door.sign_out()
                sign_in(door, post, BUDI, name)
                assert door.is_signed_in()

    @pytest.mark.parametrize(("age", "arrives"), [(LIFE - timedelta(minutes=5), True), (LIFE, False)])
    def test_recovery_by_it_works_as_long_as_sign_in(
        self, post: Post, client: Client, age: timedelta, arrives: bool
    ) -> None:
        on_file(BUDI)
        door = ApiDoor(client)
        register(door, post, BUDI)
        old = name_of(Account.objects.get())
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        post.deliver()
        with time_machine.travel(timezone.now() + age, tick=False):
            door.start("id", "recover")
            assert door.answer("identity", username=old).step == "code"
            assert [letter.template for letter in post.deliver()] == ["code"] * arrives
            if arrives:
                door.answer("code", code=post.code(BUDI.email))
                door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
                sign_in(door, post, BUDI, old, NEW_PASSWORD)
                assert door.is_signed_in()

    def test_old_new_and_unknown_names_are_one_question_each(
        self, django_assert_num_queries: Callable[[int], CaptureQueriesContext]
    ) -> None:
        account = member(1)
        old = name_of(account)
        issue_usernames(market="id", campaign="may", by=SYSTEM)
        new = name_of(account)
        found = []
        for name in (old, f" {new.upper()} ", "kadusa4826"):
            with django_assert_num_queries(1):
                found.append(find_account("id", "username", name))
        assert found == [account, account, None]
