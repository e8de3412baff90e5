"""Every write records an event, and every kind of event says who, what, when and from where."""

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.kinds import Kind, all_kinds
from mypolis.foundation.events.models import Event
from mypolis.foundation.keys.rotation import rotate
from mypolis.foundation.notices import delivery
from mypolis.foundation.notices.flows import withdraw as take_back
from mypolis.foundation.notices.gateways import Email
from mypolis.foundation.notices.models import Message, State
from mypolis.foundation.notices.rendering import parcel_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.usernames.username_campaigns import issue_usernames
from mypolis.membership.consents.flows import withdraw
from mypolis.membership.roster.flows import load
from tests.api.walks import WALKS as API_WALKS
from tests.cast import ANNA, JELENA, on_file
from tests.doors import ApiDoor, PageDoor
from tests.events.claim_walks import make_claims
from tests.events.office_walks import audit_the_trail, report
from tests.events.provider_walks import guarantee_treatment, let_providers_in
from tests.events.staff_walks import work_at_the_desk
from tests.events.walks import (
    ADDRESS,
    CLIENT,
    HOOKS_TOKEN,
    KIRA,
    OPERATOR,
    behind_the_products_back,
    bounce,
    care_for_family,
    carry_card,
    change_bank_accounts,
    fail_and_recover,
    get_papers_and_bills,
    give_files,
    guard_the_account,
    leave_for_another_site,
    let_a_program_in,
    let_time_pass,
    lift_a_limit,
    seal_while_others_write,
    sms_sender,
    upload_files,
    use_cover,
)
from tests.events.watching import BOOKKEEPING, silent_writes, tables, watching, written
from tests.files.conftest import folder
from tests.notices.conftest import mail_server, partners, sms_gateway
from tests.notices.fake_gateway import FakeMailServer, FakeSmsGateway
from tests.post import Letter, Post
from tests.registration.steps import client_form, open_form
from tests.roster.cast import BUDI, HR, PYOTR, VERA, Row

__all__ = ["folder", "mail_server", "partners", "sms_gateway"]
pytestmark = pytest.mark.django_db(transaction=True)

PEOPLE = {"people_person", "people_policy", "people_membership", "people_employer"}  # put on file by the cast
SEALED_ANEW = {  # the same values; one event tells how many
    *("people_person", "journeys_journey", "journeys_visit", "notices_message", "ecard_card", "ecard_letter"),
    *("files_storedfile", "files_receivedfile", "family_mandate", "uploads_upload"),
    "bank_accounts_bankaccount",
    *("claims_claim", "claims_line", "claims_question", "claims_appeal", "claims_decidedline", "claims_statechange"),
    *("claims_clinicbillanswer", "claims_assessmentdraft", "claims_runline"),
    *("guarantees_guarantee", "guarantees_guaranteechange", "guarantees_guaranteeproposal"),
    *("factors_authenticatorapp", "staff_approval"),
}
LATEST = timedelta(days=501)  # as far as time is let pass


class Carrier(Post):
    """Delivers messages with the product's own flow, to fake partners that check what they receive."""

    def deliver(self) -> list[Letter]:
        waiting = list(Message.objects.filter(state=State.QUEUED).order_by("created_at").values_list("pk", flat=True))
        came = [letter for pk in waiting if (letter := _letter(Message.objects.get(pk=pk))) is not None]
        for pk in waiting:
            delivery.deliver(pk)
        self.letters += came
        return came


def _letter(message: Message) -> Letter | None:
    if message.to is None:
        return None
    parcel = parcel_of(message)
    return Letter(message.to, message.template, parcel.subject if isinstance(parcel, Email) else "", parcel.text)


@pytest.fixture
def watched() -> Iterator[None]:
    """Watches every table."""
    with watching():
        yield


@pytest.fixture
def trail(
    partners: None, watched: None, tmp_path: Any, mail_server: FakeMailServer, sms_gateway: FakeSmsGateway,
    settings: Any, folder: Path, monkeypatch: pytest.MonkeyPatch,
) -> list[str]:  # fmt: skip
    """Does everything that the product does, once; gives the writes without an event."""
    tokens = {"receipts_token": HOOKS_TOKEN, "bounces_token": HOOKS_TOKEN}
    settings.MYPOLIS = settings.MYPOLIS.model_copy(update=tokens)
    client = Client(headers={"user-agent": CLIENT}, REMOTE_ADDR=ADDRESS)
    post = Carrier()
    silent: list[str] = []
    for part, but in (
        (lambda: walk_every_way(client, post), PEOPLE),
        (lambda: make_mistakes(client, post), PEOPLE),
        (lambda: leave_for_another_site(client), set[str]()),
        (lambda: operate(tmp_path, post), set[str]()),
        (lambda: lose_messages(mail_server, post), set[str]()),
        (lambda: use_cover(tmp_path), PEOPLE),
        (lambda: carry_card(client, post), PEOPLE),
        (lambda: get_papers_and_bills(tmp_path), PEOPLE),
        (give_files, set[str]()),
        (lambda: upload_files(monkeypatch), set[str]()),
        (lambda: guard_the_account(client), set[str]()),
        (change_bank_accounts, set[str]()),
        (lambda: fail_and_recover(settings, sms_gateway, sms_sender("ru", KIRA.mobile)), set[str]()),
        (lambda: bounce(Account.objects.get(market="rs")), set[str]()),
        (lambda: lift_a_limit(Account.objects.get(market="rs")), set[str]()),
        (care_for_family, PEOPLE),
        (make_claims, PEOPLE),
        (lambda: let_a_program_in(client), set[str]()),
        (let_providers_in, set[str]()),
        (work_at_the_desk, set[str]()),
        (guarantee_treatment, PEOPLE),
        (report, set[str]()),
        (audit_the_trail, set[str]()),
        (lambda: rotate(by=OPERATOR, wait=0.1, patience=1), SEALED_ANEW),
        (seal_while_others_write, set[str]()),
        (let_time_pass, set[str]()),
    ):
        part()
        WRITTEN.update(written())
        silent += silent_writes(but=but)
    return silent


WRITTEN: set[str] = set()


def walk_every_way(client: Client, post: Post) -> None:
    """Complete every journey of every market."""
    for market in ("rs", "id", "ru"):
        API_WALKS[market](ApiDoor(client), post)


def make_mistakes(client: Client, post: Post) -> None:
    """Do what people do on the way: wrong codes, going back, other languages, links, withdrawing consents, sign-out."""
    other = ANNA.but(given_name="Мария", mobile="+79165550101", email="maria@example.test")
    on_file(other)
    door = PageDoor(client)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(other))
    door._post({"switch_language": "en"})
    door.answer("code", code="000000")
    door.back("identity")
    door.answer("identity", **open_form(other))
    door.answer("code", code=post.code(other.mobile))
    link = next(letter.links[0] for letter in post.to(other.email) if letter.template == "confirm-email")
    client.post(link[link.index("/ru/") :])
    client.post("/language/", {"language": "ru", "next": "/ru/home/"})
    account = Account.objects.latest("pk")
    by = Actor("member", str(account.pk), ADDRESS, CLIENT)
    withdraw(account=account, document_key="personal_data", language="ru", by=by)
    door.sign_out()
    door.start("ru", "signin")
    door.answer("credentials", mobile=other.mobile, password="not this one at all")
    door.start("rs", "register", "client")
    door.answer("identity", **client_form(JELENA.but(national_id="2206978816007")))


def operate(tmp_path: Any, post: Post) -> None:
    """Load lists, end links, and issue usernames in bulk."""

    def roster(market: str, *rows: Row) -> None:
        path = tmp_path / "list.csv"
        names = list(rows[0])
        lines = [names, *([row[name] for name in names] for row in rows)]
        path.write_text("\n".join(",".join(cells) for cells in lines))
        assert load(market=market, path=path, employer="lastochka", by=HR).errors == ()

    pyotr, vera = ({**who, "policy_number": "ДМС-900", "start": "2026-02-01"} for who in (PYOTR, VERA))
    roster("ru", pyotr, vera)
    roster("ru", {**pyotr, "start": "2026-01-01"}, {**vera, "email": "moved@example.test"})
    roster("id", {**BUDI, "policy_number": "GRP-900", "participant_number": "000900"})
    post.deliver()
    issue_usernames(market="id", campaign="spring", by=OPERATOR)


def lose_messages(mail_server: FakeMailServer, post: Post) -> None:
    """Withdraw one message, have one refused permanently, and one whose worker died."""
    waiting = list(Message.objects.filter(state=State.QUEUED))
    assert waiting, "the usernames are told by mail"
    take_back(waiting[0], by=OPERATOR)
    for state, spoil in ((State.GIVEN_UP, _is_old), (State.IN_DOUBT, _is_interrupted)):
        issue_usernames(market="id", campaign=f"for {state}", by=OPERATOR)
        message = Message.objects.filter(state=State.QUEUED).latest("created_at")
        with behind_the_products_back():
            spoil(message)
        delivery.deliver(message.pk)
        message.refresh_from_db()
        assert message.state == state


def _is_old(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(days=3))


def _is_interrupted(message: Message) -> None:
    Message.objects.filter(pk=message.pk).update(state=State.SENDING, attempts=1)


def test_every_write_leaves_an_event_and_every_kind_says_who_what_when_and_from_where(trail: list[str]) -> None:
    assert trail == [], "\n".join(trail)
    assert tables() <= WRITTEN, "a table that no part of this test writes"
    assert BOOKKEEPING.keys() <= tables()
    by_kind: dict[str, list[Event]] = {}
    for event in Event.objects.all():
        by_kind.setdefault(event.kind, []).append(event)
    assert all_kinds().keys() ^ by_kind.keys() == set(), "a kind that nothing records, or that is not declared"
    for kind, found in by_kind.items():
        declared = all_kinds()[kind]
        for event in found:
            _says_all(declared, event)
        _comes_from_somewhere(declared, found)


def _says_all(kind: Kind, event: Event) -> None:
    assert event.actor_kind in kind.by, kind
    assert event.actor_id.isdigit() or event.actor_kind in ("stranger", "system"), kind
    subject, _colon, key = event.subject.partition(":")
    assert subject in kind.about, kind
    assert bool(subject) == bool(key)
    assert event.at <= timezone.now() + LATEST
    assert event.market in ("rs", "id", "ru") or kind.of_no_market, kind
    for name, value in event.facts.items():
        assert isinstance(value, int | bool) or value is None or _is_a_word(value), (kind, name, value)


def _comes_from_somewhere(kind: Kind, found: list[Event]) -> None:
    """Whether an event that a person's request caused has the person's address and client."""
    for event in found:
        if event.actor_kind in ("stranger", "member"):
            assert (event.address, event.client) == (ADDRESS, CLIENT), kind


def _is_a_word(value: object) -> bool:
    """Whether it is a name from our code or an id: no spaces, and nothing of addresses, phone numbers or names.

    Or the status of a partner's response: "http 503".
    """
    answer = r"(http|smtp|smpp) (0x)?[0-9a-f]{1,4}( twilio \d{1,6})?"
    return isinstance(value, str) and re.fullmatch(rf"[A-Za-z0-9_.,:-]{{0,200}}|{answer}", value) is not None
