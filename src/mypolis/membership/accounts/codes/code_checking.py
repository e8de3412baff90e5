"""Checks the code that was entered, and uses it up. Only wrong codes stay counted.

Source of the numbers: `docs/reference/limits.md`; NIST SP 800-63B-4 (a resend never resets the count of tries).
"""

from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import spend_failures
from mypolis.foundation.journeys.definitions.answers import FieldError
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.postgres.prepared_writes import update
from mypolis.membership.accounts.bounces import arrived
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.codes.code_texts import wrong
from mypolis.membership.accounts.codes.step_codes import StepCodes, bound
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.limits import APP_CODE_TRIES, CODE_TRIES
from mypolis.membership.accounts.models import OneTimeCode


def judge(step: StepCodes, walk: Walk, typed: str) -> OneTimeCode | None:
    """The code that was entered correctly; None when it was the app's code.

    Raises Refused (`expired`, `wrong`, `used`) and LimitReached. Earlier tries stay counted after a right code: a reset
    count would show a stranger that the member has signed in.
    """
    app = step.app_of(walk)
    if app is not None:
        _judge_app(step, walk, app, typed)
        return None
    newest = step.newest(step.codes(walk).own)
    if newest is not None and newest.used_at is None and newest.is_expired_at(timezone.now()):
        raise Refused(FieldError("code", "expired", _("This code has expired. Ask for a new one.")))
    is_right = newest is not None and newest.used_at is None and _is(newest, bound(walk, step.name, typed))
    tries = [(CODE_TRIES, step.counted(walk))]
    (tally,) = spend_failures(tries, failed=not is_right, market=walk.journey.market)
    if not is_right:
        step.record(walk, AccountEvent.CODE_REFUSED)
        raise Refused(FieldError("code", "wrong", wrong(tally.left)))
    return newest


def _judge_app(step: StepCodes, walk: Walk, account: int, typed: str) -> None:
    """Like `judge`, for an app's code. Three codes are valid at any time, so fewer tries a day are allowed."""
    counted, result = step.counted(walk), authenticators.use(account, typed)
    limits = [(CODE_TRIES, counted), (APP_CODE_TRIES, counted)]
    tally, _of_day = spend_failures(limits, failed=result != "right", market=walk.journey.market)
    if result == "right":
        return
    step.record(walk, AccountEvent.CODE_REFUSED, by_way="app")
    if result == "wrong":
        raise Refused(FieldError("code", "wrong", wrong(tally.left)))
    used = _("This code has already been used. Wait for the next one in the app.")
    raise Refused(FieldError("code", "used", used))


def use_up(step: StepCodes, walk: Walk, code: OneTimeCode | None) -> None:
    """Mark a right code as used, so that it works only once."""
    if code is None:
        step.record(walk, AccountEvent.CODE_ENTERED, by_way="app")
        return
    code.used_at = timezone.now()
    update(code, ["used_at"])
    step.record(walk, AccountEvent.CODE_ENTERED)
    if step.channel == "email":
        arrived(step.target(walk.answers).to, market=walk.journey.market, by=walk.by)


def _is(code: OneTimeCode, bound: str) -> bool:
    """Compare with the digits that were sent, in constant time, under any key of the ring."""
    digests = keyring.current().digests(bound, purpose="code")
    return any(constant_time_compare(digest, bytes(code.digest)) for digest in digests)
