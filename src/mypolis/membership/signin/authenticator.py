"""Journeys that link and unlink a member's authenticator app (OWASP ASVS 5.0: 6.6.1, 7.5.1)."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.factors import time_codes
from mypolis.foundation.guards.flows import give_back, spend
from mypolis.foundation.journeys.definitions.answers import ENTRY, Facts, FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, Walk
from mypolis.foundation.lib.phones import mask_phone
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.codes.one_time_codes import CodeForm
from mypolis.membership.accounts.limits import CODE_TRIES
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.signin.contact_changes import (
    CHANGED,
    PresentPasswordForm,
    begin_in_session,
    current_contact_codes,
    member_of,
    nothing_changed,
    prove_member,
    sign_out_others,
    unchanged_member,
)

_WHY = _(
    "An authenticator app on your phone makes the codes, even offline, and no one can intercept them the way "
    "an SMS can be."
)
_PROOFS: tuple[Channel, ...] = ("sms", "email")


def link_authenticator(profile: Profile) -> Definition:
    """The journey that links an app: the password, a code to a current contact point, then the app's first code."""
    title = _("Link an authenticator app")
    return Definition(
        market=profile.code,
        kind="link-authenticator",
        for_members=True,
        title=title,
        no_match=CHANGED,
        steps=(
            _password_step(title=title, help_=_WHY),
            *current_contact_codes(_PROOFS),
            Step(
                name="authenticator",
                form=CodeForm,
                title=_("Scan this code with the app"),
                help=_("Or type the key into it. Then enter the six digits the app shows."),
                button=_("Link the app"),
                template="accounts/authenticator.html",
                enter=_make_secret,
                shows=_key_to_show,
                check=_check_code,
            ),
        ),
        begin=begin_in_session,
        finish=_link,
    )


def unlink_authenticator(profile: Profile) -> Definition:
    """The journey that unlinks the app. The password is enough, because sign-in then sends SMS codes again."""
    title = _("Unlink the authenticator app")
    return Definition(
        market=profile.code,
        kind="unlink-authenticator",
        for_members=True,
        title=title,
        no_match=CHANGED,
        steps=(_password_step(title=title, help_=_("Codes will come by SMS again.")),),
        begin=begin_in_session,
        finish=_unlink,
    )


def _password_step(*, title: Text, help_: Text) -> Step:
    return Step(
        name="identity",
        form=PresentPasswordForm,
        title=title,
        help=help_,
        button=_("Continue"),
        check=lambda walk, clean: prove_member(walk, clean, _PROOFS),
        still_true=nothing_changed,
        knows=frozenset(_PROOFS),
    )


def _make_secret(walk: Walk) -> Facts:
    """A new secret each time the page is reached."""
    return {"secret": time_codes.new_secret()}


def _key_to_show(walk: Walk) -> Facts:
    """The secret in groups of four for typing, and as the address that apps scan."""
    secret, account = str(walk.fact("authenticator", "secret")), member_of(walk)
    mobile = account.contact("mobile")
    name = mask_phone(mobile.value) if mobile else str(account.pk)
    issuer = brand_of(account.market).short_name
    groups = " ".join(secret[place : place + 4] for place in range(0, len(secret), 4))
    return {"key": groups, "address": time_codes.address_of(secret, name=name, issuer=str(issuer))}


def _check_code(walk: Walk, clean: Facts) -> Facts:
    secret, market = str(walk.fact("authenticator", "secret")), walk.journey.market
    counted = f"account:{walk.member}:new:{walk.row(ENTRY, 'device') or 'unknown'}"
    spend(CODE_TRIES, counted, market=market)
    step = time_codes.step_of(secret, str(clean["code"]), timezone.now())
    if step is None:
        wrong = _("This is not the code the app shows now. Check that the clock on your phone is right.")
        raise Refused(FieldError("code", "wrong", wrong))
    give_back(CODE_TRIES, [counted], market=market)
    return {"secret": secret, "step": step}


def _link(walk: Walk) -> Outcome:
    account = unchanged_member(walk)
    secret, step = str(walk.fact("authenticator", "secret")), walk.row("authenticator", "step")
    authenticators.link(account=account, secret=secret, step=step, by=walk.by)
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your authenticator app is linked"),
        text=_("From now on we will ask for its code on a new device. All other devices are signed out."),
        grant=sign_out_others(walk, account),
    )


def _unlink(walk: Walk) -> Outcome:
    account = unchanged_member(walk)
    authenticators.unlink(account=account, by=walk.by)
    return Outcome(
        result={"account": account_document(account)},
        title=_("Your authenticator app is unlinked"),
        text=_("From now on we will send a code by SMS on a new device. All other devices are signed out."),
        grant=sign_out_others(walk, account),
    )
