"""Colleagues at the desk, with passwords and apps, and browsers in which they are signed in."""

import re
from dataclasses import dataclass
from datetime import timedelta

from django.test import Client
from django.utils import timezone
from pyotp import TOTP

from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.factors import authenticator_apps, time_codes
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.rooms import Role
from mypolis.foundation.staff.entrance.sessions import open_session
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.team.role_changes import give_role

PASSWORD = "lamp-Orchid 7 river-stone"
ADDRESS = "10.1.2.3"


@dataclass(frozen=True)
class Colleague:
    """Somebody who works at the desk, and the secret of their authenticator app."""

    account: StaffAccount
    secret: str

    @property
    def actor(self) -> Actor:
        """Them, as the one who does something."""
        return Actor("staff", str(self.account.pk), ADDRESS, "Firefox")

    def code(self, *, steps: int = 0) -> str:
        """What the app shows now, or some steps of 30 seconds later."""
        return TOTP(self.secret).at(timezone.now() + timedelta(seconds=30 * steps))


def colleague(name: str, *roles: Role, market: str = "rs") -> Colleague:
    """Somebody who has joined, with these roles in a market, a password and an app."""
    email = f"{name.lower()}@insurer.example"
    account = StaffAccount.objects.create(
        email=email,
        email_key=email,
        name=name,
        language="en",
        password_hash=hash_password(PASSWORD),
        holder=new_holder(door="desk"),
        joined_at=timezone.now(),
    )
    for role in roles:
        give_role(account=account, market=market, role=role, by=SYSTEM)
    secret = time_codes.new_secret()
    authenticator_apps.link(holder=account.holder, secret=secret, step=0, by=SYSTEM)
    return Colleague(StaffAccount.objects.get(pk=account.pk), secret)


def at_desk(one: Colleague, *, minutes_ago: int = 0) -> Client:
    """A browser in which somebody signed in some minutes ago and has worked until now."""
    session, token = open_session(account=one.account, by=one.actor, factor="app")
    if minutes_ago:
        StaffSession.objects.filter(pk=session.pk).update(fresh_until=timezone.now() - timedelta(minutes=1))
    client = Client(headers={"accept-language": "en"})
    client.cookies["staff-desk"] = token
    return client


def lock(one: Colleague) -> None:
    """Let nobody have worked in this colleague's sessions for a quarter of an hour."""
    past = timezone.now() - timedelta(minutes=1)
    StaffSession.objects.filter(account=one.account).update(idle_until=past, fresh_until=past)


def ticket_in(page: str) -> str:
    """The signed ticket in the form of a new app."""
    found = re.search(r'name="ticket" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def code_of(page: str) -> str:
    """What an app shows that scanned the page's code."""
    found = re.search(r"<code>([A-Z2-7 ]+)</code>", page)
    assert found is not None
    return TOTP(found[1].replace(" ", "")).now()
