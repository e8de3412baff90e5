"""A day's work for the claims desk: open claims of different kinds, so that the desk can be tried out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction
from django.utils import translation

from mypolis.demo.models import SamplePerson
from mypolis.demo.samples.claims import SAMPLES, Claimant, add_picture, happened, reject_and_appeal
from mypolis.foundation.markets import Profile
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.drafts.flows import LineData, save, start
from mypolis.insurance.claims.drafts.missing import wanted_documents
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.models import Claim


@dataclass(frozen=True, kw_only=True)
class _Case:
    """A claim: what was treated where and how long ago, and bills as (number, sum)."""

    benefit: str
    provider: str
    words: str
    bills: Sequence[tuple[str, str]]
    days_ago: int
    currency: str
    is_appealed: bool = False


def _case(
    days_ago: int,
    benefit: str,
    provider: str,
    words: str,
    *bills: tuple[str, str],
    currency: str = "RSD",
    is_appealed: bool = False,
) -> _Case:
    return _Case(
        benefit=benefit,
        provider=provider,
        words=words,
        bills=bills,
        days_ago=days_ago,
        currency=currency,
        is_appealed=is_appealed,
    )


_LIPA, _BREZA = "Dom zdravlja Lipa", "Klinika Breza"
_CASES: Final[Mapping[str, Sequence[Sequence[_Case]]]] = {
    "rs": (
        (
            _case(9, "pregled", _LIPA, "Bol u grlu.", ("R-101", "4200")),
            _case(9, "pregled", _LIPA, "Bol u grlu.", ("R-101", "4200")),  # sent twice
            _case(8, "specijalista", _BREZA, "Bol u kolenu posle trčanja.", ("B-2207", "9800")),
            _case(7, "specijalista", "Praxis Wien", "Osip na putu.", ("2026-118", "140"), currency="EUR"),
            _case(6, "dijagnostika", _BREZA, "Magnet kolena.", ("B-2231", "21500")),
            _case(6, "bolnica", _BREZA, "Operacija meniskusa, dva dana.", ("B-2240", "90000"), ("B-2241", "41000")),
            _case(12, "pregled", _LIPA, "Kontrola pritiska.", ("R-088", "3900"), is_appealed=True),
        ),
        (
            _case(11, "pregled", _LIPA, "Kašalj.", ("R-095", "4100")),
            _case(10, "lekovi", "Apoteka Zova", "Terapija za kašalj.", ("A-71", "2350"), ("A-72", "980")),
            _case(5, "zubar", "Ordinacija Kruna", "Plomba.", ("K-15", "7200"), ("K-16", "3100"), ("K-17", "2500")),
            _case(4, "naocare", "Optika Zenit", "Nove naočare.", ("Z-440", "25000")),
            _case(3, "pregled", _LIPA, "Bol u leđima.", ("R-131", "4300")),
            _case(3, "specijalista", _BREZA, "Bol u leđima, uput ortopedu.", ("B-2302", "9800")),
            _case(2, "sistematski", _BREZA, "Godišnji pregled.", ("B-2310", "18000")),
            _case(1, "pregled", _LIPA, "Temperatura.", ("R-140", "4200")),
        ),
    ),
}
"""By market, what the second registered sample person sent, and what the third did."""


def seed_desk_day(profile: Profile) -> None:
    """Let further registered sample people of a market send claims, once. The first one has a claim in every state."""
    cases = _CASES.get(profile.code, ())
    people = SamplePerson.objects.filter(market=profile.code).exclude(password="").order_by("pk")[1 : len(cases) + 1]
    for person, sent in zip(people, cases, strict=False):
        account = person.person.account
        if Claim.objects.filter(account=account).exists():
            continue
        with transaction.atomic(), translation.override(profile.default_language):
            claimant = Claimant(account, profile, SAMPLES[profile.code])
            pay_to = claimant.bank_account()
            for case in sent:
                _fill(claimant, pay_to, case)


def _fill(claimant: Claimant, pay_to: BankAccount, case: _Case) -> None:
    claim = _sent(claimant, pay_to, case)
    if case.is_appealed:
        reject_and_appeal(claim, claimant)
    happened(claim, max(0, case.days_ago - 2))


def _sent(claimant: Claimant, pay_to: BankAccount, case: _Case) -> Claim:
    day = claimant.profile.today() - timedelta(days=case.days_ago)
    account, by = claimant.account, claimant.by
    draft = start(account=account, membership=str(claimant.membership.pk), benefit=case.benefit, by=by)
    lines = [
        LineData(date=day, benefit=case.benefit, number=number, amount=Decimal(amount), currency=case.currency)
        for number, amount in case.bills
    ]
    changes = {
        "treated_on": day,
        "until": day + timedelta(days=1) if case.benefit == "bolnica" else None,
        "provider": case.provider,
        "diagnosis": case.words,
        "lines": lines,
        "pay_to": pay_to.pk,
    }
    claim = save(account=account, claim=draft.pk, version=draft.version, changes=changes, by=by)
    benefit = benefit_of(claim)
    bills = "\n".join(f"{number}   {amount} {case.currency}" for number, amount in case.bills)
    for document in wanted_documents(benefit) if benefit else ():
        add_picture(claim, document.key, f"{case.provider}\n{day:%d.%m.%Y}\n\n{bills}", by=by)
    return submit(account=account, claim=claim.pk, by=by)
