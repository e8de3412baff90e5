"""Background jobs for claims: warn about old drafts and delete them, remind of questions, lapse without an answer."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import Profile, all_markets
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.foundation.notices.queue import WHILE_THE_DATABASE_IS_AWAY
from mypolis.insurance.claims.decisions import ledger
from mypolis.insurance.claims.desk.outcomes.waiting import RECORD_DECISION, record_overdue, record_waiting
from mypolis.insurance.claims.drafts.flows import delete
from mypolis.insurance.claims.entering.papers import given_up
from mypolis.insurance.claims.lifecycle.automatic import DECIDE_SMALL, decide_if_small
from mypolis.insurance.claims.lifecycle.changing import move, tell, tell_questions
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, ClaimQuerySet, StateChange, day_of
from mypolis.insurance.claims.payments.forgetting import forget_old_payees
from mypolis.membership.accounts.messages import notify

WARNED_BEFORE = timedelta(days=14)
REMINDED_BEFORE = (timedelta(days=14), timedelta(days=3))


@app.periodic(cron="17 5 * * *")
@app.task(name="claims.lapse", queue="upkeep", queueing_lock="claims.lapse")
def lapse(timestamp: int) -> None:
    """Warn of old drafts and delete them, remind of questions, and let unanswered claims lapse. Idempotent."""
    now = timezone.now()
    for profile in all_markets().values():
        warn_of_old_drafts(profile, now)
        delete_old_drafts(profile, now)
        delete_given_up(profile, now)
        remind_of_questions(profile, now)
        lapse_unanswered(profile, now)


def warn_of_old_drafts(profile: Profile, now: datetime) -> None:
    """Tell members about drafts that will be deleted in 14 days, once."""
    old = now - timedelta(days=profile.claims.draft_days) + WARNED_BEFORE
    due = _not_locked(profile).drafts().filter(touched_at__lt=old, warned_at=None, account__isnull=False)

    def warn(draft: Claim) -> None:
        last = max(draft.touched_at + timedelta(days=profile.claims.draft_days), now + WARNED_BEFORE)
        url = address_of_page(profile.code, "claims", f"{draft.pk}/")
        facts: dict[str, str | int] = {"day": day_of(last, profile).isoformat(), "url": url}
        if draft.account is not None:
            notify(draft.account, "claim-draft-ends", facts, by=SYSTEM, about=str(draft.pk))
        draft.warned_at = now
        draft.save(update_fields=["warned_at"])

    _each(due, warn)


def delete_old_drafts(profile: Profile, now: datetime) -> None:
    """Delete drafts that nobody touched for the market's days, at the earliest 14 days after the warning."""
    old = now - timedelta(days=profile.claims.draft_days)
    warned = now - WARNED_BEFORE + timedelta(hours=1)
    due = _not_locked(profile).drafts().filter(touched_at__lt=old, warned_at__lt=warned)
    _each(due, lambda draft: delete(draft, by=SYSTEM))


def delete_given_up(profile: Profile, now: datetime) -> None:
    """Delete what colleagues began to enter and left. No member knows of it, so nobody is warned."""
    _each(given_up(profile.code, now), lambda draft: delete(draft, by=SYSTEM))


def remind_of_questions(profile: Profile, now: datetime) -> None:
    """Remind members of open questions, twice: 14 and 3 days before the last day."""
    today = day_of(now, profile)

    def remind(claim: Claim) -> None:
        tell_questions(claim, by=SYSTEM)
        claim.reminders += 1
        claim.save(update_fields=["reminders"])

    for count, before in enumerate(REMINDED_BEFORE):
        waiting = _not_locked(profile).filter(state=State.WAITING)
        _each(waiting.filter(answer_by__lte=today + before, reminders=count), remind)


def lapse_unanswered(profile: Profile, now: datetime) -> None:
    """Let claims lapse whose questions were not answered in time, and release what they reserved.

    An appeal does not lapse: we decide about it with what we have.
    """
    today = day_of(now, profile)

    def end(claim: Claim) -> None:
        days = profile.claims.answer_days
        asked_on = (claim.answer_by or today) - timedelta(days=days)
        if (last := claim.questions.last()) is not None:  # the days of a lock came on top of those to answer
            asked_on = min(asked_on, day_of(last.asked_at, profile))
        facts = {"day": asked_on.isoformat(), "days": days}
        if claim.last_decision is not None:
            move(claim, State.IN_REVIEW, by=SYSTEM, code="no_answer", facts=facts | {"variant": "appeal"}, now=now)
            return
        facts["last_day"] = _last_day(claim, profile).isoformat()
        move(claim, State.LAPSED, by=SYSTEM, code="no_answer", facts=facts, now=now)
        ledger.release(claim=claim, by=SYSTEM)

    _each(_not_locked(profile).filter(state=State.WAITING, answer_by__lt=today), end)


def _not_locked(profile: Profile) -> ClaimQuerySet:
    """A market's claims whose member can get in; `lifecycle.locked_accounts` says what becomes of the others."""
    return Claim.objects.filter(market=profile.code, account__locked_at=None)


def _last_day(claim: Claim, profile: Profile) -> date:
    """The last day on which the treatment can still be claimed."""
    return (claim.treated_on or day_of(claim.created_at, profile)) + timedelta(days=profile.claims.filing_days)


def _each(due: ClaimQuerySet, act: Callable[[Claim], None]) -> None:
    """Lock each claim that is due, and act on it in a transaction of its own."""
    keys: list[UUID] = list(due.order_by("pk").values_list("pk", flat=True))
    for key in keys:
        with transaction.atomic():
            claim = due.select_for_update(of=("self",)).filter(pk=key).first()
            if claim is not None:  # nobody changed it meanwhile
                act(claim)


@app.periodic(cron="27 5 * * *")
@app.task(name="claims.forget_payees", queue="upkeep", queueing_lock="claims.forget_payees")
def forget_payees(timestamp: int) -> None:
    """Delete names and account numbers from the lines of payment runs that ended long ago. Idempotent."""
    forget_old_payees(timezone.now())


@app.task(name="claims.tell", queue="mail", retry=3)
def tell_change(change: int) -> None:
    """Send the news about a change of state that was written together with many others."""
    with transaction.atomic():
        row = StateChange.objects.select_related("claim__membership__person", "claim__account").get(pk=change)
        tell(row.claim, row, by=SYSTEM)


@app.task(name=DECIDE_SMALL, queue="upkeep", retry=3)
def decide_small(claim: str) -> None:
    """Let the rules decide a claim if it is small and clean."""
    decide_if_small(UUID(claim))


@app.task(name=RECORD_DECISION, queue="upkeep", retry=WHILE_THE_DATABASE_IS_AWAY)
def record_decision(key: str) -> None:
    """Record a decision after the time in which its assessor could take it back."""
    record_waiting(UUID(key))


@app.periodic(cron="*/5 * * * *")
@app.task(name="claims.record_overdue", queue="upkeep", queueing_lock="claims.record_overdue")
def record_overdue_decisions(timestamp: int) -> None:
    """Record decisions whose own job got lost. Idempotent."""
    record_overdue(timezone.now())
