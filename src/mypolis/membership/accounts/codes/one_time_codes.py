"""One-time codes as a step of a journey: sent when the step is entered, checked by all the rules of the limits table.

Source of the numbers: `docs/reference/limits.md`; NIST SP 800-63B-4 (a resend never resets the count of tries).
"""

import math
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from mypolis.foundation.events.flows import record
from mypolis.foundation.events.kinds import Kind
from mypolis.foundation.guards.flows import LimitReached, Tally, Use, give_back, left, spend, spend_address, tallies
from mypolis.foundation.journeys.errors import FieldError, Refused
from mypolis.foundation.journeys.forms import StepForm
from mypolis.foundation.journeys.steps import Answers, Facts, Json, Step, always
from mypolis.foundation.journeys.walk import Status, Walk
from mypolis.foundation.lib.crypto import keyring
from mypolis.foundation.lib.crypto.tokens import new_code
from mypolis.foundation.lib.phones import mask_phone, written_phone
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, one_of, place
from mypolis.foundation.lib.text.masking import mask_email, unbroken
from mypolis.foundation.markets.profile import Channel, Text
from mypolis.foundation.notices import flows as notices
from mypolis.foundation.web.fields import CodeField
from mypolis.membership.accounts.bounces import arrived
from mypolis.membership.accounts.codes import authenticators
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.code_texts import held_up, if_right, on_its_way, wrong
from mypolis.membership.accounts.codes.code_waits import REMEMBERED, next_code_at, underway
from mypolis.membership.accounts.event_kinds import AccountEvent
from mypolis.membership.accounts.limits import APP_CODE_TRIES, CODE_TRIES, CODES_PER_ADDRESS, RESEND, codes_per_day
from mypolis.membership.accounts.models import OneTimeCode

_BY_STEP = Prepared(lambda: OneTimeCode.objects.filter(journey=place("journey"), step=place("step")))
_BY_STEP_OR_LINE = Prepared(
    lambda: (
        OneTimeCode.objects.filter(
            Q(journey=place("journey"), step=place("step")) | Q(one_of("line", "lines"), created_at__gt=place("since"))
        )
        .select_related("message")
        .defer("message__to", "message__context")
        .order_by("id")
    )
)
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
    sender = _Sender(name=name, channel=channel, target=target, app=app)

    def check(walk: Walk, clean: Facts) -> Facts:
        code = sender.judge(walk, str(clean["code"]))
        facts = entered(walk) if entered else {}
        sender.use_up(walk, code)
        return facts

    return Step(
        name=name,
        form=CodeForm,
        title=title or (sender.title if app else TITLES[channel]),
        help=sender.help,
        button=button,
        asked=asked,
        rests_on=sender.basis,
        check=check,
        enter=sender.enter,
        resend=sender.resend,
        status=sender.status,
        proves=frozenset({channel}),
    )


@dataclass(frozen=True)
class Codes:
    """The codes of a step in one journey, and the recent codes that share its waiting time."""

    own: list[OneTimeCode]
    line: list[OneTimeCode]


@dataclass(frozen=True)
class _Sender:
    """The codes of one step of one definition."""

    name: str
    channel: Channel
    target: Callable[[Answers], Target]
    app: Callable[[Answers], int | None] | None = None

    def app_of(self, walk: Walk) -> int | None:
        """The account whose authenticator app is accepted. None without an app, after a code was sent, and after too
        many wrong codes of the app."""
        account = self.app(walk.answers) if self.app is not None else None
        if account is None or _BY_STEP.exists(journey=walk.journey.pk, step=self.name):
            return None
        return account if left(APP_CODE_TRIES, self._counted(walk), market=walk.journey.market).left else None

    def title(self, walk: Walk) -> Text:
        """The title: where the person finds the code."""
        return TITLES[self.channel] if self.app_of(walk) is None else _("Enter the code from your app")

    def basis(self, answers: Answers) -> Json:
        """What the entered code is valid for: this contact point and this subject."""
        target = self.target(answers)
        return [target.to, target.subject]

    def help(self, walk: Walk) -> Text:
        """Where the code went; for a person who may be a stranger, only where it would have gone."""
        target = self.target(walk.answers)
        minutes = round(walk.profile.code_life.total_seconds() / 60)
        where = self._where(target)
        if self.app_of(walk) is not None:
            app = _("It is in your authenticator app. If you cannot open the app, we can send a code to %(where)s.")
            return app % {"where": where}
        if self.app is not None and self.app(walk.answers) is not None and not self._codes(walk).own:
            instead = _("Codes from your app are not accepted for now. We are sending one to %(where)s.")
            return instead % {"where": where}
        if walk.fact(self.name, "sent") is False:
            return ""  # another text on the page says what prevents it
        if target.quiet:
            return if_right(self.channel, where, minutes)
        text: str = ngettext_lazy(
            "We sent a code to %(where)s. It is valid for %(minutes)d minute.",
            "We sent a code to %(where)s. It is valid for %(minutes)d minutes.",
            "minutes",
        ) % {"where": where, "minutes": minutes}
        return text

    def _where(self, target: Target) -> str:
        """The contact point as the page may show it; empty where it may not."""
        if not target.shown:
            return ""
        if self.channel == "email":
            return target.shown if target.in_full else mask_email(target.shown)
        return unbroken((written_phone if target.in_full else mask_phone)(target.shown))

    def enter(self, walk: Walk) -> Facts:
        """Send a code, unless a usable one was already sent to the same contact point or an app shows one.

        Sends nothing if the code could not be entered, or if another journey sent one too recently.
        """
        if self.app_of(walk) is not None:
            return {"sent": False}
        if self.name in walk.answers and self._is_on_its_way(walk):
            return {"sent": True}
        return {"sent": bool(self._tries(walk).left) and self._send(walk) is None}

    def _is_on_its_way(self, walk: Walk) -> bool:
        """Whether a code that is not void, used or expired was sent to the current contact point."""
        now, own = timezone.now(), self._codes(walk).own
        return any(code.voided_at is None and code.used_at is None and not code.is_expired_at(now) for code in own)

    def resend(self, walk: Walk) -> Facts:
        """Void the old code and send a new one.

        Raises LimitReached when it is too early, the day's codes are used up, or a code could not be entered.
        """
        tries = self._tries(walk)
        if not tries.left:
            raise LimitReached(CODE_TRIES, tries.until)
        old = [code for code in self._codes(walk).own if code.voided_at is None]
        until = self._send(walk)
        if until is not None:
            raise LimitReached(RESEND, until, on_its_way(until))
        for code in old:
            code.voided_at = timezone.now()
            code.save(update_fields=["voided_at"])
            notices.withdraw(code.message, by=walk.by)
        return {"sent": True}

    def status(self, walk: Walk) -> Status:
        """The status of the code for the page and the API."""
        target, codes, now = self.target(walk.answers), self._codes(walk), timezone.now()
        newest, app = self._newest(codes.own), self.app_of(walk) is not None
        tries, *day = tallies(self._limits(walk), market=walk.journey.market)
        locked_until = None if tries.left else tries.until
        no_codes_until = max((tally.until for tally in day if not tally.left), default=None)
        next_at = next_code_at(underway(codes.line), at_once=0 if codes.own else target.at_once)
        again_at = max(now, next_at or now, locked_until or now, no_codes_until or now)
        sent = newest is not None and newest.used_at is None
        return Status(
            channel=self.channel,
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

    def _limits(self, walk: Walk) -> list[Use]:
        """The limits that the page reports: the tries, and the codes per day if they may be revealed."""
        target, a_day = self.target(walk.answers), codes_per_day(self.channel)
        uses: list[Use] = [(CODE_TRIES, self._counted(walk)), (a_day, target.of_subject)]
        return uses if target.quiet else [*uses, (a_day, target.of_contact)]

    def _tries(self, walk: Walk) -> Tally:
        return left(CODE_TRIES, self._counted(walk), market=walk.journey.market)

    def judge(self, walk: Walk, typed: str) -> OneTimeCode | None:
        """The code that was entered correctly; None when it was the app's code.

        Raises Refused (`expired`, `wrong`, `used`) and LimitReached.
        """
        app = self.app_of(walk)
        if app is not None:
            self._judge_app(walk, app, typed)
            return None
        newest = self._newest(self._codes(walk).own)
        if newest is not None and newest.used_at is None and newest.is_expired_at(timezone.now()):
            raise Refused(FieldError("code", "expired", _("This code has expired. Ask for a new one.")))
        tally = spend(CODE_TRIES, self._counted(walk), market=walk.journey.market)
        if newest is None or newest.used_at is not None or not _is(newest, _bound(walk, self.name, typed)):
            self._told(walk, AccountEvent.CODE_REFUSED)
            raise Refused(FieldError("code", "wrong", wrong(tally.left)))
        # Earlier tries stay counted: a reset count would show a stranger that the member has signed in.
        give_back(CODE_TRIES, [self._counted(walk)], market=walk.journey.market)
        return newest

    def _judge_app(self, walk: Walk, account: int, typed: str) -> None:
        """Like `judge`, for an app's code. Three codes are valid at any time, so fewer tries a day are allowed."""
        market, counted = walk.journey.market, self._counted(walk)
        tally = spend(CODE_TRIES, counted, market=market)
        spend(APP_CODE_TRIES, counted, market=market)
        match authenticators.use(account, typed):
            case "wrong":
                self._told(walk, AccountEvent.CODE_REFUSED, by_way="app")
                raise Refused(FieldError("code", "wrong", wrong(tally.left)))
            case "used":
                self._told(walk, AccountEvent.CODE_REFUSED, by_way="app")
                raise Refused(
                    FieldError("code", "used", _("This code has already been used. Wait for the next one in the app."))
                )
        for limit in (CODE_TRIES, APP_CODE_TRIES):
            give_back(limit, [counted], market=market)

    def use_up(self, walk: Walk, code: OneTimeCode | None) -> None:
        """Mark a right code as used, so that it works only once."""
        if code is None:
            self._told(walk, AccountEvent.CODE_ENTERED, by_way="app")
            return
        code.used_at = timezone.now()
        code.save(update_fields=["used_at"])
        self._told(walk, AccountEvent.CODE_ENTERED)
        if self.channel == "email":
            arrived(self.target(walk.answers).to, market=walk.journey.market, by=walk.by)

    def _send(self, walk: Walk) -> datetime | None:
        """Send a code. If another one was sent too recently, sends none and returns when the next may be sent."""
        market, now = walk.journey.market, timezone.now()
        to, until = self._allowed(walk)
        if until is not None:
            return until
        life = walk.profile.code_life
        code = new_code()
        message = notices.send(
            market=market,
            channel=self.channel,
            to=to,
            template="code",
            language=walk.journey.language,
            context={"code": code, "minutes": round(life.total_seconds() / 60), "purpose": walk.journey.kind},
            by=walk.by,
            urgent=True,
            useless_after=now + OneTimeCode.LONGEST_LIFE,
        )
        digest = keyring.current().digest(_bound(walk, self.name, code), purpose="code")
        OneTimeCode.objects.create(
            journey=walk.journey,
            step=self.name,
            contact=self._contacts(walk)[0],
            line=self._lines(walk)[0],
            digest=digest if to is not None else secrets.token_bytes(32),
            message=message,
            life=life,
            created_at=now,
        )
        self._told(walk, AccountEvent.CODE_SENT)
        return None

    def _allowed(self, walk: Walk) -> tuple[str | None, datetime | None]:
        """Where a code may go now, with all limits counted; or the time until which none may go, with nothing counted.

        Raises LimitReached; a quiet code goes to nobody instead. Counting takes locks, so that simultaneous requests
        run one after the other and see each other's codes.
        """
        target, market, a_day = self.target(walk.answers), walk.journey.market, codes_per_day(self.channel)
        to, uses = target.to, [(a_day, target.of_subject)]
        if target.at_most is not None:
            uses.append((target.at_most, f"{target.subject}:{target.to}"))
        for limit, subject in uses:
            spend(limit, subject, market=market)
        try:
            spend(a_day, target.of_contact, market=market)
        except LimitReached:
            if not target.quiet:
                raise
            to = None
        codes = self._codes(walk)
        until = next_code_at(underway(codes.line), at_once=0 if codes.own else target.at_once)
        if until is not None and until > timezone.now():
            for limit, subject in [*uses, (a_day, target.of_contact)]:
                give_back(limit, [subject], market=market)
            return None, until
        if target.counts_for_address and not walk.is_vouched:
            spend_address(CODES_PER_ADDRESS, by=walk.by, market=market)
        return to, None

    def _codes(self, walk: Walk) -> Codes:
        """The codes of this step in this journey, and of this line in any journey; oldest first, with messages."""
        if not walk.has_begun:
            return Codes([], [])
        lines, contacts = self._lines(walk), self._contacts(walk)
        since = timezone.now() - REMEMBERED
        codes = _BY_STEP_OR_LINE.all(journey=walk.journey.pk, step=self.name, lines=lines, since=since)
        own = [code for code in codes if (code.journey_id, code.step) == (walk.journey.pk, self.name)]
        for code in own:
            if bytes(code.contact) not in contacts and code.voided_at is None:
                code.voided_at = code.created_at  # sent to another contact point before the person went back
        return Codes(own, [code for code in codes if bytes(code.line or b"") in lines])

    def _newest(self, codes: list[OneTimeCode]) -> OneTimeCode | None:
        return next((code for code in reversed(codes) if code.voided_at is None), None)

    def _contacts(self, walk: Walk) -> list[bytes]:
        """The contact point's digests under each key of the ring, the primary key's first."""
        target = self.target(walk.answers)
        return keyring.current().digests(f"{target.to}|{target.subject}", purpose="code-contact")

    def _lines(self, walk: Walk) -> list[bytes]:
        """The line's digests under each key of the ring, the primary key's first."""
        return keyring.current().digests(self.target(walk.answers).line, purpose="code-line")

    def _counted(self, walk: Walk) -> str:
        """The key for counting tries: one per known device and proof, so that strangers cannot use up a member's."""
        target = self.target(walk.answers)
        contact = "" if target.quiet else target.to
        what = target.opens or f"{walk.journey.kind}:{self.name}:{target.subject}:{contact}"
        return f"{what}:{target.device or target.proof}"

    def _told(self, walk: Walk, kind: Kind, *, by_way: str = "") -> None:
        way = by_way or self.channel
        record(kind, market=walk.journey.market, by=walk.by, subject=walk.journey, step=self.name, by_way=way)


def _is_undeliverable(codes: list[OneTimeCode]) -> bool:
    """Whether the latest code with a known delivery result did not arrive."""
    known = (code.message for code in reversed(codes) if code.message.receipt or code.message.is_undeliverable)
    newest = next(known, None)
    return newest is not None and newest.is_undeliverable


def _bound(walk: Walk, step: str, code: str) -> str:
    """The code combined with its journey and step, so that the same digits are not valid elsewhere."""
    return f"{walk.journey.pk}:{step}:{code}"


def _is(code: OneTimeCode, bound: str) -> bool:
    """Compare with the digits that were sent, in constant time, under any key of the ring."""
    digests = keyring.current().digests(bound, purpose="code")
    return any(constant_time_compare(digest, bytes(code.digest)) for digest in digests)
