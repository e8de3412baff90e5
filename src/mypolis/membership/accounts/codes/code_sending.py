"""Sends the code of a step when the step is entered, and another one on request, within the limits.

Source of the numbers: `docs/reference/limits.md`; NIST SP 800-63B-4 (a resend never resets the count of tries).
"""

import secrets
from datetime import datetime

from django.utils import timezone

from mypolis.foundation.guards.flows import LimitReached, Tally, Use, count_uses, give_back_all, left, of_address
from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.tokens import new_code
from mypolis.foundation.lib.postgres.prepared_writes import insert
from mypolis.foundation.notices import flows as notices
from mypolis.membership.accounts.codes.code_texts import on_its_way
from mypolis.membership.accounts.codes.code_waits import next_code_at, underway
from mypolis.membership.accounts.codes.step_codes import StepCodes, bound
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.limits import CODE_TRIES, CODES_PER_ADDRESS, RESEND, codes_per_day
from mypolis.membership.accounts.models import OneTimeCode


def enter(step: StepCodes, walk: Walk) -> Facts:
    """Send a code, unless a usable one was already sent to the same contact point or an app shows one.

    Sends nothing if the code could not be entered, or if another journey sent one too recently.
    """
    if step.app_of(walk) is not None:
        return {"sent": False}
    if step.name in walk.answers and _is_on_its_way(step, walk):
        return {"sent": True}
    return {"sent": bool(_tries(step, walk).left) and _send(step, walk) is None}


def _is_on_its_way(step: StepCodes, walk: Walk) -> bool:
    """Whether a code that is not void, used or expired was sent to the current contact point."""
    now, own = timezone.now(), step.codes(walk).own
    return any(code.voided_at is None and code.used_at is None and not code.is_expired_at(now) for code in own)


def resend(step: StepCodes, walk: Walk) -> Facts:
    """Void the old code and send a new one.

    Raises LimitReached when it is too early, the day's codes are used up, or a code could not be entered.
    """
    tries = _tries(step, walk)
    if not tries.left:
        raise LimitReached(CODE_TRIES, tries.until)
    old = [code for code in step.codes(walk).own if code.voided_at is None]
    until = _send(step, walk)
    if until is not None:
        raise LimitReached(RESEND, until, on_its_way(until))
    for code in old:
        code.voided_at = timezone.now()
        code.save(update_fields=["voided_at"])
        notices.withdraw(code.message, by=walk.by)
    return {"sent": True}


def _tries(step: StepCodes, walk: Walk) -> Tally:
    """How many codes may still be entered."""
    return left(CODE_TRIES, step.counted(walk), market=walk.journey.market)


def _send(step: StepCodes, walk: Walk) -> datetime | None:
    """Send a code. If another one was sent too recently, sends none and returns when the next may be sent."""
    market, now = walk.journey.market, timezone.now()
    to, until = _allowed(step, walk)
    if until is not None:
        return until
    life = walk.profile.code_life
    code = new_code()
    message = notices.send(
        market=market,
        channel=step.channel,
        to=to,
        template="code",
        language=walk.journey.language,
        context={"code": code, "minutes": round(life.total_seconds() / 60), "purpose": walk.journey.kind},
        by=walk.by,
        urgent=True,
        useless_after=now + OneTimeCode.LONGEST_LIFE,
        whose=step.target(walk.answers).whose,
    )
    digest = keyring.current().digest(bound(walk, step.name, code), purpose="code")
    code_row = OneTimeCode(
        journey=walk.journey,
        step=step.name,
        contact=step.contacts(walk)[0],
        line=step.lines(walk)[0],
        digest=digest if to is not None else secrets.token_bytes(32),
        message=message,
        life=life,
        created_at=now,
    )
    insert(code_row)
    step.record(walk, AccountEvent.CODE_SENT)
    return None


def _allowed(step: StepCodes, walk: Walk) -> tuple[str | None, datetime | None]:
    """Where a code may go now, with all limits counted; or the time until which none may go, with nothing counted.

    Raises LimitReached; a quiet code goes to nobody instead. Counting takes locks, so that simultaneous requests
    run one after the other and see each other's codes.
    """
    target, market, a_day = step.target(walk.answers), walk.journey.market, codes_per_day(step.channel)
    uses: list[Use] = [(a_day, target.of_contact), (a_day, target.of_subject)]
    if target.at_most is not None:
        uses.append((target.at_most, f"{target.subject}:{target.to}"))
    of_network: list[Use] = []
    if target.counts_for_address and not walk.is_vouched:
        of_network.append(of_address(CODES_PER_ADDRESS, walk.by.address))
    contact, *counted = count_uses([*uses, *of_network], market=market)
    for each in counted[: len(uses) - 1]:
        each.require()
    if not target.quiet:
        contact.require()
    codes = step.codes(walk)
    until = next_code_at(underway(codes.line), at_once=0 if codes.own else target.at_once)
    if until is not None and until > timezone.now():
        give_back_all([*uses, *of_network], market=market)
        return None, until
    for each in counted:
        each.require()
    return (target.to if contact.count <= a_day.most else None), None
