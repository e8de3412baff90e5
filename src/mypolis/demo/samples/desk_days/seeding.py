"""Lets sample people send a day's claims, and colleagues work on some, so that the desk can be tried out."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import timezone, translation

from mypolis.demo.models import SamplePerson
from mypolis.demo.samples.claims import SAMPLES, Claimant, add_picture, happened
from mypolis.demo.samples.desk_days import indonesia, russia, serbia
from mypolis.demo.samples.desk_days.case import Case, Day
from mypolis.demo.samples.desk_days.fates import Desk, bring_to
from mypolis.foundation.markets import Profile
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.flows import LineData, save, start
from mypolis.insurance.claims.drafts.missing import wanted_documents
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim

DAYS: Final[Mapping[str, Day]] = {"rs": serbia.DAY, "id": indonesia.DAY, "ru": russia.DAY}
_KNOWN_FOR = BankAccount.RECENT * 10


def seed_desk_day(profile: Profile) -> None:
    """Let further registered sample people of a market send claims, once. The first one has a claim in every state."""
    day = DAYS.get(profile.code)
    if day is None:
        return
    rows = SamplePerson.objects.filter(market=profile.code).exclude(password="").order_by("pk")
    for person, cases in zip(rows[1 : len(day.people) + 1], day.people, strict=False):
        account = person.person.account
        if Claim.objects.filter(account=account).exists():
            continue
        with transaction.atomic(), translation.override(profile.default_language):
            sender = _Sender(Claimant(account, profile, SAMPLES[profile.code]), day)
            for case in cases:
                sender.send(case)


class _Sender:
    """A sample person who sends the claims of a day. Their first account is long known."""

    def __init__(self, claimant: Claimant, day: Day) -> None:
        self._claimant, self._day = claimant, day
        self._desk = Desk(claimant.profile.code)
        self._account = claimant.bank_account()
        BankAccount.objects.filter(pk=self._account.pk).update(added_at=timezone.now() - _KNOWN_FOR)

    def send(self, case: Case) -> None:
        """Send a claim, let the desk work on it, and move all of that into the past."""
        claim = self._sent(case)
        bring_to(case.fate, claim, self._claimant, desk=self._desk, day=self._day)
        happened(claim, max(0, case.days_ago - 2))

    def _sent(self, case: Case) -> Claim:
        claimant = self._claimant
        account, by = claimant.account, claimant.by
        treated = claimant.profile.today() - timedelta(days=case.days_ago)
        currency = case.currency or self._day.currency
        draft = start(account=account, membership=str(claimant.membership.pk), benefit=case.benefit, by=by)
        lines = [
            LineData(date=treated, benefit=case.benefit, number=number, amount=Decimal(amount), currency=currency)
            for number, amount in case.bills
        ]
        changes = {
            "treated_on": treated,
            "until": treated + timedelta(days=case.more_days) if case.more_days else None,
            "provider": case.provider,
            "diagnosis": case.words,
            "lines": lines,
            "pay_to": self._pay_to(case).pk,
        }
        claim = save(account=account, claim=draft.pk, version=draft.version, changes=changes, by=by)
        bills = "\n".join(f"{number}   {amount} {currency}" for number, amount in case.bills)
        benefit = benefit_of(claim)
        wanted = [document.key for document in wanted_documents(benefit)] if benefit else []
        for kind in wanted or ["other"]:
            text = f"{case.provider}\n{treated:%d.%m.%Y}\n\n{bills}"
            add_picture(claim, kind, text, by=by, trace="editor" if case.edited else "")
        return submit(account=account, claim=claim.pk, by=by)

    def _pay_to(self, case: Case) -> BankAccount:
        return self._claimant.bank_account(*self._day.new_account) if case.new_account else self._account
