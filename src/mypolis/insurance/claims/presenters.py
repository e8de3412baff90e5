"""What pages and JSON show of a claim. `shown` reads everything for a list in a few queries."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from uuid import UUID

from django.db.models import Prefetch
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mypolis.foundation.files.models import ReceivedFile, owner_key
from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.access import taken_over
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.drafts.fields import is_treatment, needs_bills
from mypolis.insurance.claims.drafts.missing import Missing, missing, wanted_documents
from mypolis.insurance.claims.lifecycle import clock
from mypolis.insurance.claims.lifecycle.following import may_appeal
from mypolis.insurance.claims.lifecycle.paying import Transfer, payment_of
from mypolis.insurance.claims.lifecycle.sentences import next_step, next_step_of, sentence_about
from mypolis.insurance.claims.lifecycle.states import CLOSED, ENDED_UNDECIDED, STATE_LABELS, Action, State, actions_of
from mypolis.insurance.claims.models import Appeal, Claim, DecidedLine, Decision, Line, Question, StateChange
from mypolis.insurance.coverage.cover import newest_feed
from mypolis.insurance.coverage.plan_books.benefit_texts import say
from mypolis.insurance.coverage.plan_books.plan import Benefit, PlanDocument
from mypolis.insurance.coverage.plan_books.plan_lookup import day_to_show, plans_on
from mypolis.membership.accounts.models import Account


@dataclass(frozen=True)
class Reason:
    """Why a part of a line is not paid: its code, its sum if that is known, and the sentence in the current language.

    A core system may give several reasons without their sums.
    """

    code: str
    amount: Decimal | None
    text: str


@dataclass(frozen=True)
class ShownLine:
    """A line, with what was decided about it if there is a decision."""

    line: Line
    benefit_name: str
    decided: DecidedLine | None

    @property
    def billed(self) -> Money | None:
        """The sum on the bill, in its own currency."""
        line = self.line
        return Money(line.amount, line.currency) if line.amount is not None and line.currency else None

    @property
    def granted(self) -> Money | None:
        """What is paid, in the plan's currency."""
        return Money(self.decided.granted, self.decided.currency) if self.decided else None

    @property
    def own_share(self) -> Money | None:
        """What the member pays, in the plan's currency."""
        return Money(self.decided.own_share, self.decided.currency) if self.decided else None

    @property
    def reasons(self) -> list[Reason]:
        """Each cut with its sentence."""
        if self.decided is None:
            return []
        return [Reason(cut["code"], _sum_of(cut), sentence(cut["code"], cut["facts"])) for cut in self.decided.cuts]


@dataclass(frozen=True)
class ShownDocument:
    """A paper that the benefit asks for, or that somebody added, with its files."""

    kind: str
    name: str
    required: bool
    files: tuple[ReceivedFile, ...]


@dataclass(frozen=True)
class TimelineEntry:
    """One thing that happened, in the current language. `by` is the member who did it, if that is not the reader."""

    at: datetime
    kind: str
    text: str
    by: str | None


@dataclass(frozen=True)
class NextStep:
    """What comes next, and by which day if that is promised."""

    text: str
    by: date | None


@dataclass(frozen=True)
class ShownClaim:
    """A claim as a member sees it. Reading a property needs no further query.

    `is_taken_over`: a proxy made it, whose mandate has ended, so the member goes on with it.
    `limits_as_of` is set where the insurer's core system records what was used of limits: it reported until then, so a
    later decision does not show in the limits yet. It is None where MyPolis records them, and before the first report.
    """

    claim: Claim
    account: Account
    plan: PlanDocument | None
    files: tuple[ReceivedFile, ...]
    limits_as_of: datetime | None = None
    is_taken_over: bool = False

    @cached_property
    def benefit(self) -> Benefit | None:
        """The benefit in the plan of the day of treatment."""
        return self.plan.benefit(self.claim.benefit) if self.plan else None

    @property
    def benefit_name(self) -> str:
        """The benefit's name, or empty while it is not chosen."""
        return say(self.benefit.name) if self.benefit else ""

    @property
    def is_treatment(self) -> bool:
        """Whether it is about treatment, and not about something that happened."""
        return self.benefit is None or is_treatment(self.benefit)

    @property
    def originals(self) -> str:
        """What the market says about paper originals of bills; empty without bills, or for a claim ended unpaid."""
        if self.claim.in_state in ENDED_UNDECIDED:
            return ""
        asks = self.benefit is None or needs_bills(self.benefit)
        return str(self.claim.profile.claims.originals) if asks else ""

    @property
    def person_name(self) -> str:
        """Who was treated."""
        return self.claim.membership.person.display_name

    @property
    def is_own(self) -> bool:
        """Whether this member made the claim or took it over, so that they may change it."""
        return self.is_taken_over or self.claim.account_id == self.account.pk

    @property
    def maker_name(self) -> str:
        """Who made the claim, if that is another member than the reader; empty for what a clinic billed."""
        maker = self.claim.account
        return maker.person.display_name if maker is not None and not self.is_own else ""

    @property
    def _payee_name(self) -> str:
        """Whose account the claim is paid to, if it is not the reader's."""
        pay_to = self.claim.pay_to
        return pay_to.account.person.display_name if pay_to and pay_to.account_id != self.account.pk else ""

    @property
    def label(self) -> str:
        """The state in a word or two."""
        return str(STATE_LABELS[self.claim.in_state])

    @cached_property
    def lines(self) -> list[ShownLine]:
        """The lines, with the decision that holds."""
        decision = self.claim.last_decision
        decided = {row.line_id: row for row in decision.lines.all()} if decision else {}
        return [ShownLine(line, self._name_of(line), decided.get(line.pk)) for line in self.claim.lines.all()]

    @cached_property
    def documents(self) -> list[ShownDocument]:
        """The checklist of the benefit first, then other files."""
        by_kind: dict[str, list[ReceivedFile]] = defaultdict(list)
        for file in self.files:
            by_kind[file.kind].append(file)
        wanted = wanted_documents(self.benefit) if self.benefit else ()
        names = {document.key: say(document.name) for document in wanted}
        listed = [ShownDocument(key, name, True, tuple(by_kind.pop(key, ()))) for key, name in names.items()]
        others = [ShownDocument(kind, _("Other papers"), False, tuple(found)) for kind, found in by_kind.items()]
        return [*listed, *others]

    @cached_property
    def missing(self) -> list[Missing]:
        """What keeps a draft from being sent; empty for a claim that was sent."""
        if not self.claim.is_draft:
            return []
        today = self.claim.profile.today()
        return missing(self.claim, self.benefit, list(self.claim.lines.all()), self.files, today)

    @property
    def open_questions(self) -> list[Question]:
        """Questions without an answer."""
        return [one for one in self.claim.questions.all() if one.answered_at is None]

    @property
    def payment(self) -> Transfer | None:
        """What is on its way, what came back, or all that was paid."""
        return payment_of(self.claim)

    @property
    def has_payment(self) -> bool:
        """Whether money went to the member's account, is on its way, or can still be granted."""
        return self.payment is not None or (self.claim.pay_to is not None and self.claim.in_state not in CLOSED)

    @property
    def granted(self) -> Money | None:
        """The sum of what is paid."""
        return self._sum("granted")

    @property
    def own_share(self) -> Money | None:
        """The sum of what the member pays."""
        return self._sum("own_share")

    @property
    def appeal(self) -> Appeal | None:
        """The member's last appeal, with its files."""
        newest_first = sorted(self.claim.decisions.all(), key=lambda one: -one.number)
        return next((one.its_appeal for one in newest_first if one.its_appeal is not None), None)

    @property
    def can(self) -> tuple[Action, ...]:
        """What the member can do now."""
        return actions_of(
            self.claim.in_state,
            is_own=self.is_own,
            may_appeal=self.is_own and may_appeal(self.claim),
            has_open_questions=bool(self.open_questions),
            was_decided=self.claim.last_decision is not None,
        )

    @cached_property
    def timeline(self) -> list[TimelineEntry]:
        """What happened, oldest first."""
        rows: Sequence[StateChange] = sorted(self.claim.changes.all(), key=lambda row: (row.at, row.pk))
        return [self._happened(row) for row in rows if row.sentences]

    def _happened(self, row: StateChange) -> TimelineEntry:
        language = get_language() or self.claim.profile.default_language
        is_entered = row.before == State.DRAFT and bool(self.claim.came_by)
        about = sentence_about(self.maker_name, State(row.after)) if self.maker_name and not is_entered else ""
        by = self.maker_name if row.by_kind == "member" else ""
        return TimelineEntry(row.at, row.after, about or row.sentence(language), by or None)

    @property
    def next(self) -> NextStep | None:
        """What comes next, and by when; None when nothing does."""
        claim = self.claim
        text = next_step_of(self.maker_name, claim) if self.maker_name else ""
        text = text or next_step(claim, self._payee_name)
        if not text:
            return None
        if claim.state == State.WAITING:
            return NextStep(text, claim.answer_by)
        if claim.state == State.PAYMENT_FAILED:
            return NextStep(text, None)
        return NextStep(text, claim.promised_by or clock.payment_promised_by(claim))

    def _name_of(self, line: Line) -> str:
        found = self.plan.benefit(line.benefit) if self.plan and line.benefit else self.benefit
        return say(found.name) if found else ""

    def _sum(self, field: str) -> Money | None:
        decided = [shown.decided for shown in self.lines if shown.decided is not None]
        if not decided:
            return None
        return Money(sum((getattr(row, field) for row in decided), Decimal(0)), decided[0].currency)


def _sum_of(cut: Mapping[str, str | None]) -> Decimal | None:
    return Decimal(amount) if (amount := cut["amount"]) is not None else None


def shown(claims: Iterable[Claim], account: Account, *, with_files: bool = True) -> list[ShownClaim]:
    """Claims as this member sees them; the number of queries does not grow with the number of claims.

    A page that shows no papers needs up to three queries fewer without them; `documents` are empty then.
    """
    keys = [claim.pk for claim in claims]
    rows = {claim.pk: claim for claim in _loaded(keys, with_files=with_files)}
    found = [rows[key] for key in keys if key in rows]
    today = account.profile.today()
    days = {claim.pk: claim.treated_on or day_to_show(claim.membership, today) for claim in found}
    plans = plans_on([(claim.membership, days[claim.pk]) for claim in found])
    files: dict[str, list[ReceivedFile]] = defaultdict(list)
    received = ReceivedFile.objects.of_any(found if with_files else ())
    for file in received.select_related("cleaned").order_by("received_at"):
        files[file.owner].append(file)
    reports = account.profile.claims.recorded_by == "core"
    as_of = newest_feed(account.market) if reports and found else None
    theirs_now = taken_over(account, found)
    return [
        ShownClaim(
            claim=claim,
            account=account,
            plan=plans.get((claim.membership_id, days[claim.pk])),
            files=tuple(files.get(owner_key(claim), ())),
            limits_as_of=as_of,
            is_taken_over=claim.pk in theirs_now,
        )
        for claim in found
    ]


def _loaded(keys: Iterable[UUID], *, with_files: bool) -> Iterable[Claim]:
    papers = ("appeal__files",) if with_files else ()
    decisions = Decision.objects.select_related("appeal").prefetch_related("lines", *papers)
    questions = "questions__files" if with_files else "questions"
    return (
        Claim.objects.filter(pk__in=keys)
        .select_related("membership__policy", "membership__person", "pay_to__account__person", "account__person")
        .select_related("clinic_bill_answer")
        .prefetch_related("lines", "changes", questions, "payments", Prefetch("decisions", decisions))
    )
