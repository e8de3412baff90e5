"""Helpers that put families on policies, open accounts, and send requests as any member."""

from datetime import date, timedelta
from typing import Any

from django.test import Client

from mypolis.foundation.events import Actor
from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import market
from mypolis.membership.accounts.contact_points.flows import NewContact
from mypolis.membership.accounts.flows import create_account
from mypolis.membership.accounts.models import Account
from mypolis.membership.accounts.sessions.devices import sign_in
from mypolis.membership.family.relations.rules import birthday
from mypolis.membership.people.models import Membership, Person, Policy

ADDRESS = Actor("stranger", "", "203.0.113.9", "a telephone")


def aged(years: int, *, in_days: int = 0, code: str = "rs") -> date:
    """The birth date of somebody who turns `years` in `in_days` days."""
    return birthday(market(code).today() + timedelta(days=in_days), -years)


def policy(number: str = "F-1", *, code: str = "rs", kind: str = "individual") -> Policy:
    """A policy that began a while ago."""
    found, _made = Policy.objects.get_or_create(
        market=code,
        type=kind,
        number_key=fold_reference(number),
        defaults={"number": number, "start": date(2020, 1, 1)},
    )
    return found


def person(name: str, born: date, *, code: str = "rs", surname: str = "Marić") -> Person:
    """Put a person on file, without a policy."""
    made = Person(market=code, given_name=name, surname=surname, birth_date=born, email=f"{name.lower()}@example.test")
    made.write_keys()
    made.save()
    return made


def insure(who: Person, on: Policy, relation: str, *, employee: str = "", end: date | None = None) -> Membership:
    """Put somebody on a policy."""
    return Membership.objects.create(
        policy=on, person=who, relation=relation, employee_number=employee, start=date(2020, 1, 1), end=end
    )


def account(who: Person, *, by: Actor = ADDRESS) -> Account:
    """Open an account with a confirmed e-mail."""
    contacts = [NewContact("email", who.email, confirmed=True)]
    language = market(who.market).default_language
    opened = create_account(person=who, password_hash="-", language=language, contacts=contacts, by=by)
    return Account.objects.get(pk=opened.pk)


class Asker:
    """A signed-in member, who uses pages and API."""

    def __init__(self, who: Account, *, by: Actor = ADDRESS) -> None:
        self.account = who
        self.market = who.market
        token = sign_in(account=who, known=None, by=by).access_token
        self.page_client = Client(headers={"User-Agent": by.client}, REMOTE_ADDR=by.address)
        self.page_client.cookies[f"session-{who.market}"] = token
        headers = {"Authorization": f"Bearer {token}", "User-Agent": by.client}
        self.client = Client(headers=headers, REMOTE_ADDR=by.address)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1/{self.market}/{path}")

    def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return self.client.post(f"/api/v1/{self.market}/{path}", body or {}, content_type="application/json")

    def put(self, path: str, body: dict[str, Any]) -> Any:
        return self.client.put(f"/api/v1/{self.market}/{path}", body, content_type="application/json")

    def page(self, path: str) -> Any:
        return self.page_client.get(f"/{self.market}/{path}")

    def press(self, path: str, data: dict[str, Any] | None = None) -> Any:
        return self.page_client.post(f"/{self.market}/{path}", data or {})

    def seen(self) -> dict[str, tuple[str, str]]:
        """The role and sight for everybody in the family, by name."""
        people = self.get("family").json()["people"]
        return {one["name"].split()[0]: (one["seen_as"], one["sight"]) for one in people}
