"""Recovery without the password, for each market. It looks the same for members and strangers.

For both, it runs the same queries, writes the same rows and does the same work.
"""

from collections.abc import Callable

from django.db.models import BooleanField, ExpressionWrapper, OuterRef, Q, Subquery
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import spend
from mypolis.foundation.journeys.definitions.answers import Answers, Facts, FieldError, facts_of
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.outcomes import Outcome
from mypolis.foundation.journeys.definitions.steps import Definition, Step, StepForm, Walk
from mypolis.foundation.lib.text.folding import fold_username
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.accounts.forms import NewPasswordForm, hashed
from mypolis.membership.accounts.models import Account, ContactPoint
from mypolis.membership.accounts.passwords.flows import change_password
from mypolis.membership.accounts.sessions.devices import forget_others
from mypolis.membership.signin.credentials import accounts_named, begin_on_device, known_device, mark_of
from mypolis.membership.signin.limits import RECOVERIES
from mypolis.membership.signin.locked_accounts import refuse_locked

_ANYBODY = ~Q(pk=None)


def anybody(clean: Facts) -> Q:
    """No further condition: the name alone is enough."""
    return _ANYBODY


def recovery_by_code(
    profile: Profile,
    *,
    form: type[StepForm],
    channel: Channel,
    help_: Text,
    fits: Callable[[Facts], Q] = anybody,
    code_title: Text = "",
) -> Definition:
    """Recovery by a code: identity, code, new password. A stranger gets the same pages, but no code is right.

    The form asks for the sign-in name; `fits` is the further condition on the account with that name.
    """

    def check(walk: Walk, clean: Facts) -> Facts:
        return identify(walk, clean, channel, fits(clean))

    return Definition(
        market=profile.code,
        kind="recover",
        title=_("Forgotten password"),
        steps=(
            Step(
                name="identity",
                form=form,
                title=_("Forgotten password"),
                help=help_,
                button=_("Continue"),
                check=check,
                knows=frozenset({channel}),
            ),
            code_step(channel=channel, target=code_target, title=code_title),
            Step(
                name="new-password",
                form=NewPasswordForm,
                title=_("Choose a new password"),
                button=_("Confirm password"),
                check=hashed,
            ),
        ),
        begin=begin_on_device,
        finish=finish_with_new_password,
    )


def identify(walk: Walk, clean: Facts, channel: Channel, fits: Q) -> Facts:
    """The facts to store: the account and its contact point, or nobody, in the same shape.

    Codes are counted by what was typed; tries by the account that the name alone finds. Neither depends on whether
    the rest is right, so that all cases look the same from outside. Raises LimitReached.
    """
    market, handle = walk.journey.market, handle_of(walk, clean)
    point = ContactPoint.objects.filter(
        account=OuterRef("pk"), kind="email" if channel == "email" else "mobile", confirmed_at__isnull=False
    )
    named = accounts_named(market, walk.profile.signin.name, handle).values_list(
        "pk", "password_hash", ExpressionWrapper(fits, BooleanField()), Subquery(point.values("value"))
    )
    holder, password_hash, is_right, to = named.first() or (None, "", False, None)
    account = holder if is_right else None
    device = known_device(walk, account)
    spend(RECOVERIES, f"{handle}:{device or 'unknown'}", market=market)
    return {
        "account": account,
        "to": to if is_right else None,
        "subject": f"claim:{handle}",
        "opens": f"account:{holder}" if holder else f"claim:{handle}",
        "shown": clean.get("mobile") if channel == "sms" else None,
        "device": device,
        "password": mark_of(password_hash),
    }


def handle_of(walk: Walk, clean: Facts) -> str:
    """The value that an attacker keeps fixed while guessing: the sign-in name."""
    return fold_username(str(clean[walk.profile.signin.name]))


def code_target(answers: Answers) -> Target:
    """The account's contact point, or nobody for a stranger. The page may only show what was typed."""
    facts = facts_of(answers, "identity")
    to, device = facts.get("to"), facts.get("device")
    return Target(
        str(to) if to else None,
        str(facts.get("subject")),
        shown=str(facts.get("shown") or ""),
        device=device if isinstance(device, int) else None,
        proof="none",
        quiet=True,
        opens=str(facts.get("opens")),
    )


def finish_with_new_password(walk: Walk) -> Outcome:
    """Set the new password, end every session, forget other devices, and notify the member. Does not sign in.

    Refused when the account no longer has the contact point that got the code, or the password changed meanwhile.
    """
    accounts = Account.objects.select_for_update(of=("self",)).select_related("person")
    account = accounts.get(pk=walk.row("identity", "account"))
    reached = walk.fact("identity", "to") in {point.value for point in account.contact_points.all()}
    if not reached or walk.fact("identity", "password") != mark_of(account.password_hash):
        raise Refused(FieldError("", "changed", _("Something has changed in the meantime. Please start again.")))
    refuse_locked(account)
    change_password(account=account, password_hash=str(walk.fact("new-password", "password_hash")), by=walk.by)
    known = walk.fact("identity", "device")
    forget_others(account=account, kept=known if isinstance(known, int) else None)
    return Outcome(
        result={"next": "signin"},
        title=_("Your password has been changed"),
        text=_("Sign in with the new password."),
    )
