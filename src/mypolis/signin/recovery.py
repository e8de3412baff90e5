"""Getting back in without the password: each market's way, alike for people on file and strangers."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from mypolis.accounts.codes import Target, code_step
from mypolis.accounts.flows import change_password
from mypolis.accounts.forms import AccountPasswordForm, hashed
from mypolis.accounts.models import Account
from mypolis.guards.flows import spend
from mypolis.guards.limits import RECOVERIES
from mypolis.journeys.forms import StepForm
from mypolis.journeys.steps import Answers, Definition, Facts, Step, facts_of
from mypolis.journeys.walk import Outcome, Walk
from mypolis.markets import Profile
from mypolis.markets.profile import Channel, Text
from mypolis.signin.credentials import begin_on_device, known_device


def recovery_by_code(
    profile: Profile,
    *,
    form: type[StepForm],
    find: Callable[[Walk, Facts], Account | None],
    channel: Channel,
    help_: Text,
    code_title: Text = "",
) -> Definition:
    """Recovery by a code: who are you, the code, a new password. A stranger meets the same pages; no code fits."""

    def check(walk: Walk, clean: Facts) -> Facts:
        account = find(walk, clean)
        device = known_device(walk, account)
        spend(RECOVERIES, f"{handle_of(walk, clean)}:{device or 'unknown'}", market=walk.journey.market)
        return recovered(walk, clean, channel, account)

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
            code_step(channel=channel, target=contact_of_claim, title=code_title),
            Step(
                name="new-password",
                form=RecoveredPasswordForm,
                title=_("Choose a new password"),
                button=_("Confirm password"),
                check=hashed,
            ),
        ),
        begin=begin_on_device,
        finish=finish_with_new_password,
    )


class RecoveredPasswordForm(AccountPasswordForm):
    """A new password for the account that the code opened."""

    step = "identity"


def handle_of(walk: Walk, clean: Facts) -> str:
    """What a guesser holds fixed: the name that members sign in with."""
    return str(clean[walk.profile.signin.name]).casefold()


def recovered(walk: Walk, clean: Facts, channel: Channel, account: Account | None) -> Facts:
    """What the journey keeps of the claim: the account and its contact point, or nobody, in the same shape.

    Codes and tries are counted for what was typed, never for who it is: both look the same from outside.
    """
    point = account.contact("email" if channel == "email" else "mobile") if account is not None else None
    return {
        "account": account.pk if account is not None else None,
        "to": point.value if point is not None and point.confirmed_at is not None else None,
        "subject": f"claim:{handle_of(walk, clean)}",
        "shown": clean.get("mobile") if channel == "sms" else None,
        "device": known_device(walk, account),
    }


def contact_of_claim(answers: Answers) -> Target:
    """The account's contact point; nobody for a stranger. Only what was typed may be shown."""
    facts = facts_of(answers, "identity")
    to, device = facts.get("to"), facts.get("device")
    return Target(
        str(to) if to else None,
        str(facts.get("subject")),
        shown=str(facts.get("shown") or ""),
        device=device if isinstance(device, int) else None,
        quiet=True,
    )


def finish_with_new_password(walk: Walk) -> Outcome:
    """Set the new password; every session ends and the member is told. Does not sign in."""
    account = Account.objects.select_related("person").get(pk=walk.row("identity", "account"))
    change_password(account=account, password_hash=str(walk.fact("new-password", "password_hash")), by=walk.by)
    return Outcome(
        result={"next": "signin"},
        title=_("Your password is changed"),
        text=_("Sign in with the new password."),
    )
