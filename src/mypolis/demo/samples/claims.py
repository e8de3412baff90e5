"""Claims of the sample people: one in every state, and a clinic's bill, made with the flows of members and insurers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cache
from io import BytesIO
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils import timezone, translation
from django.utils.formats import date_format
from PIL import Image, ImageDraw, ImageFont

from mypolis.demo.models import SamplePerson
from mypolis.foundation.events import SYSTEM, Actor
from mypolis.foundation.files.checking.previews import store_previews
from mypolis.foundation.files.cleaning.reasons import Trace
from mypolis.foundation.files.flows import store
from mypolis.foundation.files.models import ReceivedFile, ReceivedState
from mypolis.foundation.files.receiving import receive
from mypolis.foundation.lib.text.transliteration import to_latin
from mypolis.foundation.markets import Profile
from mypolis.insurance.bank_accounts import flows as bank_accounts
from mypolis.insurance.bank_accounts.models import BankAccount
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.insurance.claims.adjudication.consistency import Outcome
from mypolis.insurance.claims.benefits import benefit_of
from mypolis.insurance.claims.clinic_bills.recording import BilledLine, record_bill
from mypolis.insurance.claims.drafts.flows import LineData, save, start
from mypolis.insurance.claims.drafts.missing import wanted_documents
from mypolis.insurance.claims.jobs import lapse_unanswered
from mypolis.insurance.claims.lifecycle import following
from mypolis.insurance.claims.lifecycle.asking import NewQuestion, ask
from mypolis.insurance.claims.lifecycle.changing import move
from mypolis.insurance.claims.lifecycle.deciding import LineDecision, Verdict, decide
from mypolis.insurance.claims.lifecycle.duplicates import close_as_duplicate
from mypolis.insurance.claims.lifecycle.paying import pay
from mypolis.insurance.claims.lifecycle.sending import submit
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Appeal, Claim, Decision, StateChange
from mypolis.membership.accounts.models import Account

_DESK = Actor("staff", "demo")
_CORE = Actor("partner", "demo")


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """A market's claims: a member's words, a sum and what each further claim adds to it, an account."""

    benefit: str
    provider: str
    diagnosis: str
    amount: Decimal
    step: Decimal
    currency: str
    bank: str
    number: str


SAMPLES: Final[Mapping[str, _Sample]] = {
    "rs": _Sample(
        benefit="pregled",
        provider="Dom zdravlja Lipa",
        diagnosis="Kašalj i temperatura već tri dana.",
        amount=Decimal(4_800),
        step=Decimal(150),
        currency="RSD",
        bank="",
        number="160-123456789-56",
    ),
    "id": _Sample(
        benefit="gp",
        provider="Klinik Melati",
        diagnosis="Batuk dan demam tiga hari.",
        amount=Decimal(185_000),
        step=Decimal(7_500),
        currency="IDR",
        bank="014",
        number="1234567890",
    ),
    "ru": _Sample(
        benefit="medicines",
        provider="Аптека «Ромашка»",
        diagnosis="Кашель и температура три дня.",
        amount=Decimal("1845.50"),
        step=Decimal(65),
        currency="RUB",
        bank="044525225",
        number="40817810612345678901",
    ),
}


def seed_claims(profile: Profile) -> None:
    """Give the first registered sample person of a market a claim in every state and a clinic's bill, once."""
    sample = SAMPLES.get(profile.code)
    if sample is None or Claim.objects.filter(market=profile.code).exists():
        return
    person = SamplePerson.objects.filter(market=profile.code).exclude(password="").order_by("pk").first()
    if person is None:
        return
    with transaction.atomic(), translation.override(profile.default_language):
        _fill(Claimant(person.person.account, profile, sample))


class Claimant:
    """The sample person, and how their claims are made."""

    def __init__(self, account: Account, profile: Profile, sample: _Sample) -> None:
        self.account, self.profile, self.sample = account, profile, sample
        self.by = Actor("member", str(account.pk))
        self.membership = account.person.memberships.in_force_on(profile.today()).order_by("pk")[0]

    def bank_account(self, bank: str = "", number: str = "") -> BankAccount:
        """A new account to which claims are paid; the sample's own, unless another is named."""
        bank, text = (bank, number) if number else (self.sample.bank, self.sample.number)
        number_read = read_number(self.profile.claims.account_kinds, text, bank=bank)
        return bank_accounts.add(
            account=self.account, number=number_read, holder=self.account.person.display_name, by=self.by
        )

    def draft(self, pay_to: BankAccount, days_ago: int, number: int) -> Claim:
        """A complete draft about a day in the past."""
        sample, day = self.sample, self.profile.today() - timedelta(days=days_ago)
        claim = start(account=self.account, membership=str(self.membership.pk), benefit=sample.benefit, by=self.by)
        line = LineData(
            date=day,
            benefit=sample.benefit,
            number=f"{number:04}",
            amount=sample.amount + number * sample.step,
            currency=sample.currency,
        )
        changes = {
            "treated_on": day,
            "provider": sample.provider,
            "diagnosis": sample.diagnosis,
            "lines": [line],
            "pay_to": pay_to.pk,
        }
        return save(account=self.account, claim=claim.pk, version=claim.version, changes=changes, by=self.by)

    def sent(self, pay_to: BankAccount, days_ago: int, number: int) -> Claim:
        """A claim that was sent with a picture for every paper that its benefit asks for."""
        claim = self.draft(pay_to, days_ago, number)
        benefit = benefit_of(claim)
        for document in wanted_documents(benefit) if benefit else ():
            add_picture(claim, document.key, f"{self.sample.provider}\n{number:04}", by=self.by)
        return submit(account=self.account, claim=claim.pk, by=self.by)

    def billed_by_clinic(self, days_ago: int) -> Claim:
        """Treatment that a clinic billed directly: the member is asked whether it was theirs."""
        sample = self.sample
        line = BilledLine(
            date=self.profile.today() - timedelta(days=days_ago),
            benefit=sample.benefit,
            amount=sample.amount * 2,
            currency=sample.currency,
        )
        return record_bill(membership=self.membership, provider=sample.provider, lines=[line], by=_CORE)


def _fill(member: Claimant) -> None:
    """One claim per state, and a bill of a clinic."""
    account = member.bank_account()
    member.draft(account, 2, 1)
    for number, (ago, reach) in enumerate(_WAYS, start=2):
        claim = member.sent(account, ago + 3, number)
        reach(claim, member)
        happened(claim, ago)
    happened(member.billed_by_clinic(days_ago=3), 2)


def _granted(claim: Claim, outcome: Outcome, share: str, reasons: tuple[str, ...] = ()) -> None:
    """The core system decides: it grants this share of the only line."""
    line = claim.lines.get()
    amount = line.amount or Decimal(0)
    granted = (amount * Decimal(share)).quantize(Decimal("0.01"))
    decided = LineDecision(line=line.pk, granted=granted, currency=line.currency, reasons=reasons)
    at = timezone.now()
    verdict = Verdict(id=f"demo-{at.timestamp()}", at=at, outcome=outcome, lines=(decided,))
    decide(claim=claim, verdict=verdict, by=_CORE)


def _received(claim: Claim, member: Claimant) -> None:
    """Nothing more happens: the claim was received when its files were checked."""


def _in_review(claim: Claim, member: Claimant) -> None:
    move(_locked(claim), State.IN_REVIEW, by=_DESK)


def _assessed(claim: Claim, member: Claimant) -> None:
    _in_review(claim, member)
    move(_locked(claim), State.ASSESSED, by=_DESK)


def _second_review(claim: Claim, member: Claimant) -> None:
    _assessed(claim, member)
    move(_locked(claim), State.SECOND_REVIEW, by=SYSTEM)


def _waiting(claim: Claim, member: Claimant) -> None:
    words = {
        "rs": "Na fotografiji se ne vidi iznos. Molimo pošaljite novu fotografiju računa.",
        "id": "Jumlah pada foto tidak terbaca. Mohon kirim foto kuitansi yang baru.",
        "ru": "На фото не видна сумма. Пришлите, пожалуйста, новое фото чека.",
    }
    ask(claim=claim, questions=[NewQuestion(text=words[claim.market], code="unreadable")], by=_DESK)


def _to_be_paid(claim: Claim, member: Claimant) -> None:
    _granted(claim, "approved", "1")


def _partly(claim: Claim, member: Claimant) -> None:
    _granted(claim, "partly_approved", "0.8", ("share",))


def _rejected(claim: Claim, member: Claimant) -> None:
    _granted(claim, "rejected", "0", ("not_needed",))


def _paid(claim: Claim, member: Claimant) -> None:
    _to_be_paid(claim, member)
    pay(claim=claim, state="paid", at=timezone.now(), by=_CORE)


def _payment_failed(claim: Claim, member: Claimant) -> None:
    _partly(claim, member)
    pay(claim=claim, state="failed", at=timezone.now(), code="account_closed", by=_CORE)


def reject_and_appeal(claim: Claim, member: Claimant) -> None:
    """The core system rejects a claim, and the member appeals."""
    _rejected(claim, member)
    words = {
        "rs": "Lekar je preporučio pregled jer kašalj dugo traje. Molim da pogledate ponovo.",
        "id": "Dokter menyarankan pemeriksaan karena batuk tidak kunjung sembuh. Mohon ditinjau lagi.",
        "ru": "Лекарства назначил врач, потому что кашель не проходит. Посмотрите, пожалуйста, ещё раз.",
    }
    following.appeal(account=member.account, claim=claim.pk, text=words[claim.market], by=member.by)


def _withdrawn(claim: Claim, member: Claimant) -> None:
    following.withdraw(account=member.account, claim=claim.pk, by=member.by)


def _duplicate(claim: Claim, member: Claimant) -> None:
    other = Claim.objects.sent().filter(account=member.account).exclude(pk=claim.pk).filter(state=State.PAID)
    close_as_duplicate(claim=claim, of=other[0], by=_DESK)


def _lapsed(claim: Claim, member: Claimant) -> None:
    _waiting(claim, member)
    lapse_unanswered(member.profile, timezone.now() + timedelta(days=member.profile.claims.answer_days + 1))


# Days ago, and what brings a sent claim to its state. "Lapsed" comes before another claim waits for the member.
_WAYS: Final[tuple[tuple[int, Callable[[Claim, Claimant], None]], ...]] = (
    (55, _lapsed),
    (50, _paid),
    (44, _rejected),
    (40, _duplicate),
    (33, _withdrawn),
    (21, _payment_failed),
    (12, _partly),
    (10, reject_and_appeal),
    (9, _to_be_paid),
    (8, _second_review),
    (7, _assessed),
    (6, _waiting),
    (5, _in_review),
    (1, _received),
)


def _locked(claim: Claim) -> Claim:
    return Claim.objects.select_for_update().select_related("membership").get(pk=claim.pk)


def happened(claim: Claim, ago: int) -> None:
    """Move everything about a claim into the past, so that its timeline looks lived in."""
    back = timedelta(days=ago)
    moments = ("created_at", "touched_at", "sent_at", "received_at", "decided_at")
    days = ("promised_by", "answer_by", "appeal_until")
    Claim.objects.filter(pk=claim.pk).update(**{name: F(name) - back for name in (*moments, *days)})
    StateChange.objects.filter(claim=claim).update(at=F("at") - back)
    Decision.objects.filter(claim=claim).update(at=F("at") - back, recorded_at=F("recorded_at") - back)
    Appeal.objects.filter(decision__claim=claim).update(at=F("at") - back)
    ReceivedFile.objects.of(claim).update(received_at=F("received_at") - back, checked_at=F("checked_at") - back)
    claim.questions.update(asked_at=F("asked_at") - back)
    claim.payments.update(created_at=F("created_at") - back, at=F("at") - back)
    today = claim.profile.today()
    for change in claim.changes.all():
        change.sentences = {
            language: _earlier(text, language, today, back) for language, text in change.sentences.items()
        }
        change.save(update_fields=["sentences"])


def _earlier(text: str, language: str, today: date, back: timedelta) -> str:
    """A sentence about a change, with an earlier day instead of today."""
    with translation.override(language):
        return text.replace(date_format(today, "DATE_FORMAT"), date_format(today - back, "DATE_FORMAT"))


def add_picture(claim: Claim, kind: str, text: str, *, by: Actor, trace: Trace = "") -> None:
    """Add a picture that we drew, as if it had been uploaded and checked, which found a `trace` of editing."""
    picture = _picture(text)
    name = f"{kind}.jpg"
    received = receive(market=claim.market, owner=claim, kind=kind, name=name, content=[picture], by=by)
    received.cleaned = store(
        market=claim.market, owner=claim, kind=kind, name=name, media_type="image/jpeg", content=[picture], by=SYSTEM
    )
    store_previews(received, [picture])
    received.state, received.pages, received.checked_at = ReceivedState.CLEAN, 1, timezone.now()
    received.trace = trace
    received.save(update_fields=["cleaned", "state", "pages", "checked_at", "trace"])


@cache
def _picture(text: str) -> bytes:
    """A picture of a till receipt as JPEG, in Latin letters: the font that Pillow brings has no others."""
    image = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(image)
    draw.rectangle((40, 40, 860, 1160), outline="black", width=3)
    printed = to_latin(text, script="cyrillic-ru")
    draw.multiline_text((90, 120), printed, fill="black", font=ImageFont.load_default(48), spacing=24)
    written = BytesIO()
    image.save(written, "JPEG", quality=80)
    return written.getvalue()
