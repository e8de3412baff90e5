"""Locking an account: every way in is refused, strangers notice nothing, and unlocking takes two people."""

import argparse
import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.staff.models import Approval
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.membership.accounts.models import Account, ContactPoint, Device
from mypolis.membership.accounts.passwords.temporary_passwords import send_temporary_password
from mypolis.membership.accounts.sessions.devices import sign_in as open_session
from mypolis.membership.family.staff_relations.colleagues import enter_relation
from mypolis.membership.family.staff_relations.staff_viewings import staff_viewings_of
from mypolis.membership.operators.locking import AlreadyLocked, LockReason, NotLocked, lock_account, unlock_account
from mypolis.membership.operators.session_commands import add_parser
from mypolis.membership.people.models import Person
from mypolis.offices.desk.limits import LOCKS
from tests.cast import ANNA, BUDI, JELENA, MARKO, NEW_PASSWORD, PASSWORD, Somebody, on_file
from tests.doors import ApiDoor, Door
from tests.ecard.holders import Holder
from tests.offices.test_helping import asks, iva, jelena, olja
from tests.post import Post
from tests.registration.steps import register, sign_in, solved
from tests.staff.world import Colleague, at_desk, colleague

__all__ = ["iva", "jelena", "olja"]
pytestmark = pytest.mark.django_db

OLGA = Actor("staff", "olga")
REFUSED = {("", "locked")}


def lock(reason: LockReason = "suspicion") -> Account:
    """Lock the only account of the test."""
    account = Account.objects.get()
    lock_account(account=account, reason=reason, by=OLGA)
    return account


def member(somebody: Somebody, post: Post) -> str:
    """Somebody who registered on another device. Returns the name to sign in with."""
    on_file(somebody)
    door = ApiDoor(Client())
    register(door, post, somebody)
    ContactPoint.objects.update(confirmed_at=timezone.now())
    post.deliver()
    return {"rs": somebody.email, "id": door.shown(), "ru": somebody.mobile}[somebody.market]


class TestEveryWayIn:
    """With a locked account, nothing opens a session."""

    @pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA])
    def test_the_right_password_and_code_read_whom_to_call(self, door: Door, post: Post, somebody: Somebody) -> None:
        name = member(somebody, post)
        account = lock()
        reply = sign_in(door, post, somebody, name)
        assert (reply.status, reply.errors) == (422, REFUSED)
        if door.name == "page":
            main = reply.text.split("<main")[1].split("</main>")[0]
            assert "tel:" in main
            assert "<input" not in main, "no code helps now, so none is asked for"
            assert 'name="resend"' not in main
            assert 'name="back"' not in main
        assert not account.devices.signed_in(timezone.now()).exists()

    def test_the_right_password_alone_reads_nothing(self, door: Door, post: Post) -> None:
        name = member(ANNA, post)
        lock()
        door.start("ru", "signin")
        reply = door.answer("credentials", mobile=name, password=PASSWORD)
        assert (reply.status, reply.errors, reply.step) == (200, set(), "code")
        assert door.answer("code", code="000000").errors == {("code", "wrong")}

    def test_a_device_that_was_known_is_forgotten(self, door: Door, post: Post) -> None:
        on_file(BUDI)
        register(door, post, BUDI)
        name = Account.objects.get().username_or_none or ""
        lock()
        assert not door.is_signed_in()
        door.start("id", "signin")
        assert door.answer("credentials", username=name, password=PASSWORD).step == "code"

    def test_a_session_that_began_before_is_over_and_writes_nothing(self, post: Post) -> None:
        anna = Holder(ANNA)
        assert anna.get("me").status_code == 200
        lock()
        assert anna.get("me").status_code == 401

    def test_a_session_row_that_was_left_opens_nothing(self) -> None:
        anna = Holder(ANNA)
        Account.objects.update(locked_at=timezone.now())
        assert Device.objects.filter(session_hash__isnull=False).exists()
        assert anna.get("me").status_code == 401

    def test_recovery_with_the_right_code_changes_no_password(self, door: Door, post: Post) -> None:
        member(ANNA, post)
        before = lock().password_hash
        door.start("ru", "recover")
        door.answer("identity", mobile=ANNA.mobile, birth_date=ANNA.birth_date)
        door.answer("code", code=post.code(ANNA.mobile))
        reply = door.answer("new-password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
        assert (reply.status, reply.errors) == (422, REFUSED)
        assert Account.objects.get().password_hash == before

    def test_a_temporary_password_from_before_is_void_and_no_new_one_comes(self, door: Door, post: Post) -> None:
        name = member(JELENA, post)
        account = Account.objects.get()
        send_temporary_password(account=account, market="rs", language="en", by=SYSTEM)
        lock()
        sent = [letter.template for letter in post.to(JELENA.email)]
        door.start("rs", "recover")
        details = {"national_id": JELENA.national_id, "policy_number": JELENA.policy_number, "email": ""}
        assert door.answer("identity", **details, captcha=solved("rs")).status == 200
        assert [letter.template for letter in post.to(JELENA.email)] == sent
        assert not account.temporary_passwords.filter(used_at=None).exists()
        assert name == JELENA.email

    def test_a_change_that_had_begun_is_not_finished(self, post: Post) -> None:
        door = ApiDoor(Client())
        on_file(ANNA)
        register(door, post, ANNA)
        door.start("ru", "unlink-authenticator")
        lock()
        assert door.answer("identity", password=PASSWORD).status == 404


class TestLocking:
    """Who locks, what it leaves, and what the member reads."""

    def test_twice_is_refused(self, jelena: Person) -> None:
        lock()
        with pytest.raises(AlreadyLocked):
            lock()
        assert Event.objects.filter(kind="account.locked").count() == 1

    @pytest.mark.parametrize("action", ["lock/", "unlock/"])
    def test_agents_and_assessors_find_no_such_page(self, jelena: Person, action: str) -> None:
        for role in ("agent", "assessor"):
            assert asks(at_desk(colleague(role, role)), jelena, action, reason="lost", checked="document")[0] == 404

    def test_nobody_locks_the_account_of_their_family(self, olja: Colleague, jelena: Person) -> None:
        enter_relation(staff=olja.account.pk, person=on_file(MARKO), by=SYSTEM)
        assert asks(at_desk(olja), jelena, "lock/", reason="lost")[0] == 422
        assert Account.objects.get().locked_at is None

    def test_somebody_without_an_account_has_none_to_lock(self, olja: Colleague) -> None:
        assert asks(at_desk(olja), on_file(JELENA), "lock/", reason="lost")[0] == 404

    @pytest.mark.parametrize("reason", ["", "because"])
    def test_it_needs_a_reason(self, olja: Colleague, jelena: Person, reason: str) -> None:
        status, _shown = asks(at_desk(olja), jelena, "lock/", reason=reason)
        assert status == 422
        assert Account.objects.get().locked_at is None

    def test_an_operator_locks_and_the_member_reads_whom_to_call(self, olja: Colleague, jelena: Person) -> None:
        open_session(account=jelena.account, known=None, by=SYSTEM)
        browser = at_desk(olja)
        assert browser.get(f"/desk/rs/people/{jelena.pk}/lock/").status_code == 200
        status, shown = asks(browser, jelena, "lock/", reason="suspicion")
        assert (status, "The account is locked" in shown, "Locked since" in shown) == (200, True, True)
        assert "Unlock the account" in shown
        assert not jelena.account.devices.signed_in(timezone.now()).exists()
        event = Event.objects.get(kind="account.locked")
        assert (event.actor_id, event.facts["reason"]) == (str(olja.account.pk), "suspicion")
        post = Post()
        (letter,) = post.to("jelena@example.test")
        (short,) = post.to("+381641234567")
        assert (letter.template, short.template) == ("account-locked", "account-locked")
        assert all(str(brand_of("rs").support.phone) in one.text for one in (letter, short))

    def test_a_stolen_session_at_the_desk_does_not_lock_all_members_out(self, olja: Colleague, jelena: Person) -> None:
        for _ in range(LOCKS.most):
            spend(LOCKS, str(olja.account.pk), market="rs")
        status, shown = asks(at_desk(olja), jelena, "lock/", reason="suspicion")
        assert (status, "Too many attempts" in shown) == (429, True)
        assert Account.objects.get().locked_at is None
        assert asks(at_desk(colleague("Iva", "operator")), jelena, "lock/", reason="suspicion")[0] == 200
        assert Account.objects.get().locked_at is not None

    def test_locking_again_at_the_desk_says_so(self, olja: Colleague, jelena: Person) -> None:
        lock()
        status, shown = asks(at_desk(olja), jelena, "lock/", reason="lost")
        assert (status, "locked already" in shown) == (422, True)


class TestUnlocking:
    """Two people, and the state that the first one saw."""

    def propose(self, by: Colleague, person: Person) -> str:
        assert asks(at_desk(by), person, "unlock/", checked="document")[0] == 200
        return f"/desk/rs/approvals/{Approval.objects.latest('pk').pk}/decide/"

    def test_what_is_not_locked_is_not_unlocked(self, olja: Colleague, jelena: Person) -> None:
        status, shown = asks(at_desk(olja), jelena, "unlock/", checked="document")
        assert (status, "is not locked" in shown) == (422, True)
        with pytest.raises(NotLocked):
            unlock_account(account=jelena.account, by=OLGA)

    def test_the_first_person_must_say_how_they_checked(self, olja: Colleague, jelena: Person) -> None:
        lock()
        assert asks(at_desk(olja), jelena, "unlock/", checked="")[0] == 422
        assert not Approval.objects.exists()

    def test_one_operator_alone_unlocks_nothing(self, olja: Colleague, jelena: Person) -> None:
        lock()
        decide = self.propose(olja, jelena)
        assert at_desk(olja).post(decide, {"decision": "approve"}).status_code == 422
        assert Account.objects.get().locked_at is not None

    def test_two_operators_unlock_and_the_member_signs_in_again(
        self, olja: Colleague, iva: Colleague, post: Post
    ) -> None:
        member(JELENA, post)
        jelena = lock().person
        decide = self.propose(olja, jelena)
        page = at_desk(iva).get(decide.removesuffix("decide/")).content.decode()
        assert "Somebody else may be signed in" in page
        assert at_desk(iva).post(decide, {"decision": "approve"}).status_code == 302
        assert Account.objects.get().locked_at is None
        assert Event.objects.get(kind="account.unlocked").actor_id == str(iva.account.pk)
        assert "account-unlocked" in [letter.template for letter in post.to(JELENA.email)]
        assert sign_in(ApiDoor(Client()), post, JELENA, JELENA.email).status == 200

    def test_a_proposal_about_an_earlier_lock_is_stale(self, olja: Colleague, iva: Colleague, jelena: Person) -> None:
        account = lock("asked")
        decide = self.propose(olja, jelena)
        unlock_account(account=account, by=OLGA)
        lock("suspicion")
        at_desk(iva).post(decide, {"decision": "approve"})
        assert (Approval.objects.get().state, Account.objects.get().locked_for) == ("stale", "suspicion")


def test_whoever_reads_a_proposal_about_a_member_is_seen_by_the_member(
    olja: Colleague, iva: Colleague, jelena: Person
) -> None:
    asks(at_desk(olja), jelena, "contact/", kind="email", value="new@example.test", checked="document")
    assert {one.staff for one in staff_viewings_of(jelena)} == {olja.account.pk}
    page = at_desk(iva).get(f"/desk/rs/approvals/{Approval.objects.get().pk}/")
    assert "jelena@example.test" in page.content.decode()
    assert {one.staff for one in staff_viewings_of(jelena)} == {olja.account.pk, iva.account.pk}


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, Any]]:
    """`mypolis sessions …` with the member on standard input: the exit code, and what was printed."""
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())

    def run(typed: str, *words: str) -> tuple[int, Any]:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{typed}\n"))
        capsys.readouterr()
        parsed = parser.parse_args(["sessions", *words, "--market", "rs", "--by", "olga", "--json"])
        code = parsed.run(parsed)
        return code, json.loads(capsys.readouterr().out or "null")

    return run


def test_the_command_locks_and_unlocks(command: Callable[..., tuple[int, Any]], jelena: Person) -> None:
    open_session(account=jelena.account, known=None, by=SYSTEM)
    assert command("nobody@example.test", "lock", "--reason", "lost") == (1, None)
    assert command("jelena@example.test", "unlock") == (1, None)
    assert command("jelena@example.test", "lock", "--reason", "lost") == (0, {"ended": 1})
    assert command("jelena@example.test", "lock", "--reason", "lost") == (1, None)
    assert command("jelena@example.test", "unlock") == (0, {"unlocked": True})
    assert [event.actor_id for event in Event.objects.filter(kind__startswith="account.").exclude(
        kind="account.signed_in").exclude(kind="account.signed_out")] == ["olga", "olga"]  # fmt: skip
