"""One-time codes as a step of a journey: sent when the step is entered, then checked."""

import math
from collections.abc import Callable
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mypolis.foundation.guards.flows import Use, tallies
from mypolis.foundation.journeys.definitions.answers import Answers, Facts, Json, always
from mypolis.foundation.journeys.definitions.outcomes import Status
from mypolis.foundation.journeys.definitions.steps import Step, StepForm, Walk
from mypolis.foundation.lib.phones import mask_phone, written_phone
from mypolis.foundation.lib.text.masking import mask_email, unbroken
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.web.form_fields.fields import CodeField
from mypolis.membership.accounts.codes.code_checking import judge, use_up
from mypolis.membership.accounts.codes.code_sending import enter, resend
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.code_texts import held_up, if_right
from mypolis.membership.accounts.codes.code_waits import next_code_at, underway
from mypolis.membership.accounts.codes.step_codes import StepCodes
from mypolis.membership.accounts.limits import CODE_TRIES, codes_per_day
from mypolis.membership.accounts.models import OneTimeCode

TITLES: dict[Channel, Text] = {
    "sms": _("Enter the code from the SMS"),
    "email": _("Enter the code from the email"),
}


class CodeForm(StepForm):
    """The code that was sent."""

    code = CodeField(label=_("Code"))


def code_step(
    *,
    name: str = "code",
    channel: Channel,
    target: Callable[[Answers], Target],
    asked: Callable[[Answers], bool] = always,
    entered: Callable[[Walk], Facts] | None = None,
    app: Callable[[Answers], int | None] | None = None,
    title: Text = "",
    button: Text = _("Continue"),
) -> Step:
    """A step that sends a code by `channel` to `target` and is completed by entering it.

    `entered` is called when the code is right, before it is used up. It returns facts or raises `Refused` (for a
    number that another account holds). `app` returns the account whose authenticator app is accepted instead; then no
    code is sent until the person requests one.
    """
    codes = StepCodes(name=name, channel=channel, target=target, app=app)

    def check(walk: Walk, clean: Facts) -> Facts:
        code = judge(codes, walk, str(clean["code"]))
        facts = entered(walk) if entered else {}
        use_up(codes, walk, code)
        return facts

    return Step(
        name=name,
        form=CodeForm,
        title=title or (partial(_title, codes) if app else TITLES[channel]),
        help=partial(_help, codes),
        button=button,
        asked=asked,
        depends_on=partial(_basis, codes),
        check=check,
        enter=partial(enter, codes),
        resend=partial(resend, codes),
        status=partial(_status, codes),
        proves=frozenset({channel}),
    )


def _title(step: StepCodes, walk: Walk) -> Text:
    """The title: where the person finds the code."""
    return TITLES[step.channel] if step.app_of(walk) is None else _("Enter the code from your app")


def _basis(step: StepCodes, answers: Answers) -> Json:
    """What the entered code is valid for: this contact point and this subject."""
    target = step.target(answers)
    return [target.to, target.subject]


def _help(step: StepCodes, walk: Walk) -> Text:
    """Where the code went; for a person who may be a stranger, only where it would have gone."""
    target = step.target(walk.answers)
    minutes = round(walk.profile.code_life.total_seconds() / 60)
    where = _where(step, target)
    if step.app_of(walk) is not None:
        app = _("It is in your authenticator app. If you cannot open the app, we can send a code to %(where)s.")
        return app % {"where": where}
    if step.app is not None and step.app(walk.answers) is not None and not step.codes(walk).own:
        instead = _("Codes from your app are not accepted for now. We are sending one to %(where)s.")
        return instead % {"where": where}
    if walk.fact(step.name, "sent") is False:
        return ""  # another text on the page says what prevents it
    if target.quiet:
        return if_right(step.channel, where, minutes)
    text: str = ngettext_lazy(
        "We sent a code to %(where)s. It is valid for %(minutes)d minute.",
        "We sent a code to %(where)s. It is valid for %(minutes)d minutes.",
        "minutes",
    ) % {"where": where, "minutes": minutes}
    return text


def _where(step: StepCodes, target: Target) -> str:
    """The contact point as the page may show it; empty where it may not."""
    if not target.shown:
        return ""
    if step.channel == "email":
        return target.shown if target.in_full else mask_email(target.shown)
    return unbroken((written_phone if target.in_full else mask_phone)(target.shown))


def _status(step: StepCodes, walk: Walk) -> Status:
    """The status of the code for the page and the API."""
    target, codes, now = step.target(walk.answers), step.codes(walk), timezone.now()
    newest, app = step.newest(codes.own), step.app_of(walk) is not None
    tries, *day = tallies(_limits(step, walk), market=walk.journey.market)
    locked_until = None if tries.left else tries.until
    no_codes_until = max((tally.until for tally in day if not tally.left), default=None)
    next_at = next_code_at(underway(codes.line), at_once=0 if codes.own else target.at_once)
    again_at = max(now, next_at or now, locked_until or now, no_codes_until or now)
    sent = newest is not None and newest.used_at is None
    return Status(
        channel=step.channel,
        resend_after=math.ceil((again_at - now).total_seconds()),
        attempts_left=tries.left,
        expires_at=newest.expires_at if newest else None,
        undeliverable=target.typed and _is_undeliverable(codes.own),
        app=app,
        sent=sent,
        locked_until=locked_until,
        no_codes_until=no_codes_until,
        held_up=str(held_up(walk.profile, locked_until, no_codes_until, None if sent or app else next_at)),
    )


def _limits(step: StepCodes, walk: Walk) -> list[Use]:
    """The limits that the page reports: the tries, and the codes per day if they may be revealed."""
    target, a_day = step.target(walk.answers), codes_per_day(step.channel)
    uses: list[Use] = [(CODE_TRIES, step.counted(walk)), (a_day, target.of_subject)]
    return uses if target.quiet else [*uses, (a_day, target.of_contact)]


def _is_undeliverable(codes: list[OneTimeCode]) -> bool:
    """Whether the latest code with a known delivery result did not arrive."""
    known = (code.message for code in reversed(codes) if code.message.receipt or code.message.is_undeliverable)
    newest = next(known, None)
    return newest is not None and newest.is_undeliverable
