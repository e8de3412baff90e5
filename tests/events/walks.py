"""Walks through what members and partners do after registration. Tests watch every write."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django import app
from pypdf import PdfReader

from mypolis.doors.integrations.flows import end_token, issue_token
from mypolis.doors.integrations.rights import partner_rights
from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.events.jobs import seal_events
from mypolis.foundation.files.checking.check import check
from mypolis.foundation.files.flows import remove
from mypolis.foundation.files.models import StoredFile
from mypolis.foundation.files.receiving import forget_bytes, receive, remove_received, seal_until
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.markets import market
from mypolis.foundation.notices import delivery
from mypolis.foundation.notices.catalogue import catalogue
from mypolis.foundation.notices.flows import send
from mypolis.foundation.notices.models import GatewayHealth, Message
from mypolis.foundation.notices.sms.health import REST
from mypolis.insurance.bank_accounts.flows import add, pay_here
from mypolis.insurance.bank_accounts.flows import remove as remove_bank_account
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.insurance.coverage.billing.payments import load_payments
from mypolis.insurance.coverage.documents.policy_documents import Place, add_document, remove_document
from mypolis.insurance.coverage.feeds.feed import load_feed
from mypolis.insurance.coverage.ledger.arithmetic import Ask
from mypolis.insurance.coverage.ledger.balance_check import mend, verify
from mypolis.insurance.coverage.ledger.entries import release, reserve, reverse, use
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.membership.accounts.limits import CODE_TRIES, NOTICES
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.consents.documents import document
from mypolis.membership.operators.limit_inspection import lift
from mypolis.membership.people.models import Membership, Policy
from mypolis.membership.roster.models import Invitation
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.coverage.books import book, written
from tests.doors import ApiDoor
from tests.events.writers import a_long_transaction, note
from tests.family.home import Asker, account, aged, insure, person, policy
from tests.journeys.toy_site import ToySite, at_site, offering, toy
from tests.notices.fake_gateway import FakeSmsGateway
from tests.notices.fake_twilio import FakeTwilio
from tests.post import Post
from tests.registration.steps import register
from tests.uploads.conftest import open_shelf
from tests.uploads.tus_client import Tus

OPERATOR = Actor("staff", "3", "198.51.100.4", "console")
HOOKS_TOKEN = "h" * 24
ADDRESS, CLIENT = "203.0.113.77", "Mira's telephone"
STRANGER = Actor("stranger", "", ADDRESS, CLIENT)
KIRA = ANNA.but(given_name="Кира", mobile="+79165550102", email="kira@example.test")


@contextmanager
def behind_the_products_back() -> Iterator[None]:
    """Act as the owner of the database in the block: no trigger fires."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    yield
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = DEFAULT")


def leave_for_another_site(client: Client) -> None:
    """Leave twice: come back once, and never the other time."""
    with ToySite().serving() as site, offering(toy(site)):
        for comes_back in (True, False):
            door = ApiDoor(client)
            door.start("rs", "toy")
            door.answer("identity", surname="Petrović")
            door.answer("elsewhere")
            if comes_back:
                query = at_site(site, door.document["step"]["redirect_url"])
                assert door.come_back(query).step == "thanks"


def use_cover(folder: Path) -> None:
    """Load a book twice, add entries from the portal and from a feed, and falsify balances."""
    agus = BUDI.but(given_name="Agus", participant_number="000777", email="agus@example.test")
    on_file(agus).memberships.update(plan="Gold")
    for _time in range(2):
        load_book(market="id", book=written(folder / "book.json", book()), by=OPERATOR)
    membership = Membership.objects.get(participant_number=agus.participant_number)
    day = timezone.now().date()
    ask = Ask(member=membership.pk, benefit="drugs", amount=Decimal(100), day=day)
    reserved = reserve(membership=membership, ask=ask, external_id="p1", by=OPERATOR).entry
    release(reservation=reserved, external_id="p2", by=OPERATOR)
    used = use(membership=membership, ask=ask, external_id="p3", by=OPERATOR).entry
    reverse(used=used, external_id="p4", by=OPERATOR)
    row = {"id": "core-1", "kind": "use", "amount": "50", "benefit": "drugs", "date": day.isoformat()}
    row |= {"policy_number": agus.policy_number, "participant_number": agus.participant_number}
    (folder / "feed.jsonl").write_text(json.dumps(row))
    assert load_feed(market="id", path=folder / "feed.jsonl", by=OPERATOR).taken == 1
    with behind_the_products_back(), connection.cursor() as cursor:
        cursor.execute("UPDATE coverage_balance SET used_amount = used_amount + 1")
    assert mend(by=OPERATOR) > 0
    assert verify() == 0


def carry_card(client: Client, post: Post) -> None:
    """Activate, show and lose a card. Make a letter; its holder reads it, somebody checks it, its file is deleted."""
    on_file(KIRA)
    door = ApiDoor(client)
    register(door, post, KIRA)
    bearer = {"Authorization": f"Bearer {door.access}"}
    card = Membership.objects.latest("pk").pk

    def ask(path: str, body: dict[str, Any] | None = None) -> Any:
        address = f"/api/v1/ru/{path}"
        if body is None:
            return client.get(address, headers=bearer)
        return client.post(address, body, content_type="application/json", headers=bearer)

    assert ask(f"cards/{card}/activate", {"accept_card": True}).status_code == 200
    code = ask(f"cards/{card}/qr").json()["token"]
    assert client.get(f"/ru/v/{code}").status_code == 200
    assert ask(f"cards/{card}/reissue", {}).status_code == 200
    letter = ask("letters", {"card": str(card)}).json()
    paper = b"".join(ask(f"letters/{letter['id']}/pdf"))
    assert client.get(f"/ru/l/{_code_on(paper)}").status_code == 200
    remove(file=StoredFile.objects.get(), by=OPERATOR)


def _code_on(paper: bytes) -> str:
    words = "".join("".join(page.extract_text() for page in PdfReader(BytesIO(paper)).pages).split())
    found = re.search(r"/l/((?:[a-z0-9]{4}-?){4})", words)
    assert found, words
    return found[1]


def get_papers_and_bills(folder: Path) -> None:
    """Load billing's list twice, then as paid. Add a document to a policy, and remove it."""
    held = Policy.objects.get(market="rs", number=JELENA.policy_number)
    due = timezone.now().date().isoformat()
    row = f"pay-1,{held.number},{held.type},{due},3450.00,RSD,"
    for rows in (row, row, f"{row}{due}"):
        (folder / "payments.csv").write_text(f"id,policy_number,policy_type,due,amount,currency,paid_on\n{rows}\n")
        assert load_payments(market="rs", path=folder / "payments.csv", by=OPERATOR).errors == []
    (folder / "rules.pdf").write_bytes(b"%PDF-1.7\nA small paper.\n")
    place = Place(policy_number=held.number, policy_type=held.type)
    file = add_document(
        market="rs", place=place, kind="rules", path=folder / "rules.pdf", name="Rules.pdf", by=OPERATOR
    )
    remove_document(market="rs", document=str(file.pk), by=OPERATOR)


def upload_files(monkeypatch: pytest.MonkeyPatch) -> None:
    """Finish one upload, remove another, and leave a third one, which is forgotten after a day."""
    member = Account.objects.filter(market="rs").latest("pk")
    with monkeypatch.context() as patch:
        open_shelf(patch)
        tus = Tus(Asker(member, by=STRANGER), "api")
        assert tus.append(tus.created(5), 0, b"12345").status_code == 204
        assert tus.delete(tus.created(5)).status_code == 204
        assert tus.append(tus.created(5), 0, b"12").status_code == 204


def give_files() -> None:
    """Give two files for a policy. One is forgotten when its time is over, the other is removed."""
    held = Policy.objects.get(market="rs", number=JELENA.policy_number)
    member = Actor("member", "7", ADDRESS, CLIENT)
    first, second = (
        receive(market="rs", owner=held, kind="receipt", name=f"{text}.jpg", content=[text.encode()], by=member)
        for text in ("one", "two")
    )
    check(first.pk)
    seal_until(received=first, day=market("rs").today(), by=OPERATOR)
    forget_bytes(received=first, by=SYSTEM)
    remove_received(received=second, by=member)


def care_for_family() -> None:
    """A mother opens a child's cover, and an older child hides theirs. Mandates end in every possible way.

    The older child comes of age, and the last mandate expires, within the week of `let_time_pass`.
    """
    of_family = policy("F-900")
    mother, young, grown = (
        person(*who) for who in (("Mila", aged(44)), ("Luka", aged(9)), ("Teodora", aged(18, in_days=30)))
    )
    for one, relation in ((mother, "policyholder"), (young, "child"), (grown, "child")):
        insure(one, of_family, relation)
    friend = person("Goran", aged(46), surname="Babić")
    mila, teodora, goran = (Asker(account(one, by=STRANGER), by=STRANGER) for one in (mother, grown, friend))
    assert mila.get(f"cover?whose={young.pk}").status_code == 200
    for is_private in (True, False):
        assert teodora.put("family/privacy", {"is_private": is_private}).status_code == 200

    def offered(until: date | None = None) -> str:
        named = {"contact": friend.email, "birth_date": friend.birth_date.isoformat()}
        answer = mila.post("mandates", named | ({"until": until.isoformat()} if until else {}))
        assert answer.status_code == 201, answer.content
        return str(answer.json()["id"])

    assert goran.post(f"mandates/{offered()}/decline").status_code == 204
    key = offered()
    assert goran.post(f"mandates/{key}/accept").status_code == 200
    assert goran.get(f"cover?whose={mother.pk}").status_code == 200
    assert mila.post(f"mandates/{key}/end").status_code == 204
    consent_to_claims(mila, of_family)
    key = offered(until=market("rs").today() + timedelta(days=3))
    assert goran.post(f"mandates/{key}/accept").status_code == 200


def consent_to_claims(asker: Asker, of_family: Policy) -> None:
    """A husband without an account declines, agrees later, and ends it. A last request is not answered."""
    husband = person("Dragan", aged(50))
    insure(husband, of_family, "spouse")
    client = Client(headers={"user-agent": CLIENT}, REMOTE_ADDR=ADDRESS)

    def asked() -> str:
        """Ask him, and return the path of his link."""
        assert asker.post("claim-consents", {"whose": str(husband.pk)}).status_code == 201
        context = Message.objects.filter(template="claim-consent-asked").latest("created_at").context
        return str(context and context["url"]).partition("/rs/")[2]

    def answer(path: str, said: str) -> None:
        text = document("rs", "claim-consent", "sr-latn").digest
        body = {"answer": said, "text": text}
        headers = {"accept-language": "sr-latn"}
        assert client.post(f"/rs/{path}", body, headers=headers).status_code == 302

    answer(asked(), "decline")
    link = asked()
    answer(link, "agree")
    answer(link, "end")
    asked()


def guard_the_account(client: Client) -> None:
    """Enter a wrong password, change the password, and sign out another device."""
    member = Account.objects.get(contact_points__value=KIRA.mobile)
    grant = sign_in(account=member, known=None, by=Actor("member", str(member.pk), ADDRESS, CLIENT))
    sign_in(account=member, known=None, by=Actor("member", str(member.pk), ADDRESS, CLIENT))
    bearer = {"Authorization": f"Bearer {grant.access_token}"}

    def post(path: str, body: dict[str, str]) -> Any:
        answer = client.post(f"/api/v1/ru/me/{path}", body, content_type="application/json", headers=bearer)
        if answer.status_code == 200:
            bearer["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return answer.status_code

    new = {"password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD}
    assert post("password", {"present": "not this one", **new}) == 422
    assert post("devices/signout", {"device_id": "others", "present": PASSWORD}) == 200
    assert post("password", {"present": PASSWORD, **new}) == 200
    for _time in range(NOTICES.most):
        sign_in(account=member, known=None, by=Actor("member", str(member.pk), ADDRESS, CLIENT))


def change_bank_accounts() -> None:
    """Choose another bank account for payments, and remove one."""
    member = Account.objects.get(contact_points__value=KIRA.mobile)
    by = Actor("member", str(member.pk), ADDRESS, CLIENT)
    first, second = ("40817810612345678901", "40817810912345678902")
    keys = [
        add(account=member, number=read_number({"ru"}, number, bank="044525225"), holder="Кира", by=by).pk
        for number in (first, second)
    ]
    pay_here(account=member, key=keys[0], by=by)
    remove_bank_account(account=member, key=keys[0], by=by)


def fail_and_recover(settings: Any, sms_gateway: FakeSmsGateway, send_sms: Callable[[], Message]) -> None:
    """The first gateway fails, is not used for a while, and recovers. One SMS arrives, another does not."""
    with FakeTwilio().serving() as second:
        settings.MYPOLIS = settings.MYPOLIS.model_copy(update={"sms_url": f"{sms_gateway.url}, {second.url()}"})
        sms_gateway.moods.append("later")
        assert send_sms().gateway == "twilio"
        assert GatewayHealth.objects.get().down_until is not None
        with time_machine.travel(timezone.now() + REST + timedelta(seconds=1)):
            came, lost = send_sms(), send_sms()
    assert (came.gateway, lost.gateway) == ("http", "http")
    report("sms/http", {"id": str(came.pk), "status": "delivered"})
    report("sms/http", {"id": str(lost.pk), "status": "undeliverable", "reason": "042"})


def sms_sender(market: str, to: str) -> Callable[[], Message]:
    """Return a function that writes one SMS and does the worker's part."""

    def send_one() -> Message:
        context = catalogue()["code"].sample
        message = send(
            market=market, channel="sms", to=to, template="code", language="en", context=context, by=OPERATOR
        )
        delivery.deliver(message.pk)
        message.refresh_from_db()
        return message

    return send_one


def bounce(member: Account) -> None:
    """Bounce a member's mail and the mail of an invited person."""
    address = member.mailable_address
    invited = Invitation.objects.pending().select_related("person").latest("pk").person.email
    for lost in (address, invited):
        report("mail/bounces", {"address": lost, "cause": "bounced", "at": timezone.now().isoformat()})


def report(where: str, told: dict[str, Any]) -> None:
    """Send a partner's report to one of the hooks."""
    headers = {"authorization": f"Bearer {HOOKS_TOKEN}"}
    answer = Client().post(f"/hooks/{where}/", json.dumps(told), content_type="application/json", headers=headers)
    assert answer.status_code == 204


def lift_a_limit(member: Account) -> None:
    """Lift somebody's limit as an operator."""
    spend(CODE_TRIES, f"account:{member.pk}:unknown", market=member.market)
    point = member.contact_points.first()
    assert point is not None
    assert lift(market(member.market), point.value, by=OPERATOR)


def let_a_program_in(client: Client) -> None:
    """Issue a partner's token, load a book and an entry with it, and end it."""
    token, text = issue_token(market="id", partner="core", may=partner_rights(), life=timedelta(days=400), by=OPERATOR)
    bearer = {"authorization": f"Bearer {text}"}
    later = book((("effective",), "2021-01-01"), (("products", "health", "name"), {"id": "Sehat", "en": "Healthy"}))
    for where, body in (("plan-books", later), ("cover/entries", {"entries": ["no entry"]})):
        answer = client.post(f"/api/v1/id/{where}", json.dumps(body), content_type="application/json", headers=bearer)
        assert answer.status_code == 200, answer.content
    assert end_token(market="id", token_id=token.pk, by=OPERATOR)


def let_time_pass() -> None:
    """Run the worker's periodic jobs after a week, and after all retention periods."""
    for later in (timedelta(days=7), timedelta(days=500)):
        with time_machine.travel(timezone.now() + later):
            for periodic in list(app.periodic_registry.periodic_tasks.values()):
                if periodic.task.func.__module__.startswith("mypolis."):
                    periodic.task.func(timestamp=0)


def seal_while_others_write() -> None:
    """Seal events while a transaction is open, so that sealing has to wait."""
    with a_long_transaction(1):
        note(2)
        seal_events.func(0)
