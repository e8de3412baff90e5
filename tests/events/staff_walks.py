"""What staff do with their own accounts: join, sign in, prove again, change roles by two people, replace factors."""

import re
from datetime import timedelta

from django.conf import settings
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.factors.models import Passkey
from mypolis.foundation.factors.passkeys import adding
from mypolis.foundation.factors.passkeys.options import options_for_adding, options_for_signing_in
from mypolis.foundation.markets import market as profile_of
from mypolis.foundation.staff.approvals.flows import approve, propose
from mypolis.foundation.staff.lists.saved.flows import forget_filter, save_filter
from mypolis.foundation.staff.models import Approval, StaffAccount, StaffSession
from mypolis.foundation.staff.team.joining import invite
from mypolis.foundation.staff.team.resetting import reset
from mypolis.foundation.staff.team.role_approvals import ROLE_CHANGE
from mypolis.foundation.staff.team.role_changes import close, reopen, take_role
from mypolis.foundation.switches.banners import publish, withdraw
from mypolis.foundation.switches.rooms_off import switch_off, switch_on
from mypolis.membership.accounts.models import Account
from tests.events.walks import ADDRESS, CLIENT, OPERATOR, behind_the_products_back
from tests.factors.software_authenticator import SoftwareAuthenticator
from tests.staff.world import PASSWORD, Colleague, code_of, colleague, ticket_in

MIRA = "mira@insurer.example"


def work_at_the_desk() -> None:
    """Mira joins with a passkey; she signs in with it, with an app and with a recovery code, and loses them."""
    browser, device = _browser(), SoftwareAuthenticator(origin=str(settings.MYPOLIS.public_url))
    made = invite(email=MIRA, name="Mira", market="rs", roles=["administrator"], by=OPERATOR)
    answers = {"password": PASSWORD, "password_repeat": PASSWORD}
    browser.post(made.url[made.url.index("/desk/") :], answers)
    mira = StaffAccount.objects.get(email=MIRA)
    created = device.create(options_for_adding(mira.holder, user_name=MIRA, display_name="Mira"))
    codes = browser.post("/desk/me/factors/passkey/", {"name": "laptop", "passkey": created}).content.decode()
    recovery = re.findall(r"<code>([0-9A-Z-]{29})</code>", codes)
    by = Actor("staff", str(mira.pk), ADDRESS, CLIENT)
    adding.rename(passkey=Passkey.objects.get(), name="office laptop", by=by)
    browser.post("/desk/signout/")
    _password(browser, "not the password at all")
    _guess()
    _password(browser, PASSWORD)
    browser.post("/desk/signin/factor/", {"passkey": device.get(options_for_signing_in("desk"))})
    _change_roles(mira, by)
    _replace_factors(mira, device, recovery)
    _help_a_member()


def _help_a_member() -> None:
    """An operator finds a member, looks, signs the member out and locks the account; two unlock it."""
    with behind_the_products_back():
        olja, iva = colleague("Olja", "operator"), colleague("Iva", "operator")
    browser = _browser()
    browser.post("/desk/signin/", {"email": olja.account.email, "password": PASSWORD})
    browser.post("/desk/signin/factor/", {"code": olja.code()})
    assert browser.post("/desk/rs/search/", {"typed": "Jelena"}).status_code == 200
    jelena = Account.objects.filter(market="rs").latest("pk").person
    assert browser.get(f"/desk/rs/people/{jelena.pk}/").status_code == 200
    assert browser.post(f"/desk/rs/people/{jelena.pk}/sessions/", {"reason": "lost"}).status_code == 302
    assert browser.post(f"/desk/rs/people/{jelena.pk}/lock/", {"reason": "asked"}).status_code == 302
    assert browser.post(f"/desk/rs/people/{jelena.pk}/unlock/", {"checked": "in-person"}).status_code == 302
    proposal = Approval.objects.latest("pk")
    approve(approval=proposal, approver=iva.account, by=Actor("staff", str(iva.account.pk), ADDRESS, CLIENT))


def _change_roles(mira: StaffAccount, by: Actor) -> None:
    """A role is given by two administrators and taken again; an account is closed and reopened."""
    with behind_the_products_back():
        olga, vesna = colleague("Olga", "administrator"), colleague("Vesna", "assessor")
    payload = {"account": vesna.account.pk, "role": "senior-assessor"}
    proposal = propose(kind=ROLE_CHANGE, market="rs", payload=payload, proposer=mira, by=by)
    second = Actor("staff", str(olga.account.pk), ADDRESS, CLIENT)
    approve(approval=proposal, approver=olga.account, by=second)
    take_role(account=vesna.account, market="rs", role="senior-assessor", by=second)
    close(account=vesna.account, by=second)
    reopen(account=vesna.account, by=second)
    _prove_again(olga)
    _switch(mira, by)
    saved = save_filter(account=mira, market="rs", path="/desk/rs/team/", query="role=agent", name="agents", by=by)
    forget_filter(account=mira, market="rs", key=saved.pk, by=by)


def _switch(mira: StaffAccount, by: Actor) -> None:
    """A room is off for a while, and members read a notice that is withdrawn again."""
    switch_off(market="rs", room="bank_accounts", texts={}, by=by)
    switch_on(market="rs", room="bank_accounts", by=by)
    texts = dict.fromkeys(profile_of("rs").languages, "Closed on Sunday")
    now = timezone.now()
    times = {"starts_at": now, "ends_at": now + timedelta(days=1)}
    shown = publish(market="rs", severity="info", texts=texts, author=mira, by=by, **times)
    withdraw(banner=shown, by=by)


def _prove_again(olga: Colleague) -> None:
    """Somebody's session is locked, and the app's code opens it."""
    browser = _browser()
    browser.post("/desk/signin/", {"email": olga.account.email, "password": PASSWORD})
    browser.post("/desk/signin/factor/", {"code": olga.code()})
    with behind_the_products_back():
        StaffSession.objects.filter(account=olga.account).update(idle_until=timezone.now() - timedelta(minutes=1))
    opened = browser.post("/desk/rs/team/", {"desk_proof": "1", "code": olga.code(steps=1)})
    assert opened.status_code == 302
    browser.post("/desk/me/factors/app/remove/")  # refused: it is her only factor
    made = browser.post("/desk/rs/team/invite/", {"name": "Ivo", "email": "ivo@insurer.example", "role": "agent"})
    assert made.status_code == 302


def _replace_factors(mira: StaffAccount, device: SoftwareAuthenticator, recovery: list[str]) -> None:
    """A copied passkey is blocked; a recovery code lets Mira link an app, and she removes what she no longer has."""
    browser = _browser()
    with behind_the_products_back():
        Passkey.objects.filter(holder=mira.holder).update(sign_count=7)
    _password(browser, PASSWORD)
    browser.post("/desk/signin/factor/", {"passkey": device.get(options_for_signing_in("desk"))})
    browser.post("/desk/signin/recovery/", {"recovery": recovery[0]})
    page = browser.get("/desk/me/factors/").content.decode()
    browser.post("/desk/me/factors/app/", {"ticket": ticket_in(page), "code": code_of(page)})
    other = SoftwareAuthenticator(origin=device.origin)
    created = other.create(options_for_adding(mira.holder, user_name=MIRA, display_name="Mira"))
    browser.post("/desk/me/factors/passkey/", {"name": "phone", "passkey": created})
    browser.post("/desk/me/factors/app/remove/")
    old = Passkey.objects.get(holder=mira.holder, suspect_since__isnull=False)
    removed = browser.post(f"/desk/me/factors/{old.pk}/remove/")
    assert removed.status_code == 302
    reset(account=mira, by=OPERATOR)  # the phone and the paper are gone too


def _password(browser: Client, typed: str) -> None:
    browser.post("/desk/signin/", {"email": MIRA, "password": typed})


def _guess() -> None:
    """Somebody guesses passwords until a limit refuses them."""
    for _time in range(11):
        _browser().post("/desk/signin/", {"email": "nobody@insurer.example", "password": "guess"})


def _browser() -> Client:
    return Client(headers={"user-agent": CLIENT, "accept-language": "en"}, REMOTE_ADDR=ADDRESS)
