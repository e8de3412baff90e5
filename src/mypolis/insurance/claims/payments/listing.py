"""Payment runs as lists show them: state, figures, and how long the bank has been silent."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone

from mypolis.foundation.lib.money import Money
from mypolis.insurance.claims.models import PaymentRun, RunLine
from mypolis.insurance.claims.models.payment_runs import RunState
from mypolis.insurance.claims.payments.runs import Figures


@dataclass(frozen=True)
class ListedRun:
    """A run with its figures. `failed` lines came back; `waiting_days` have passed since the file was first fetched.

    `waiting_days` is None if the bank has nothing to answer.
    """

    run: PaymentRun
    state: RunState
    figures: Figures
    open_lines: int
    failed: int
    waiting_days: int | None

    @property
    def is_unsigned(self) -> bool:
        """Whether a signature is missing."""
        return self.state in ("made", "half_signed")


def listed(runs: Iterable[PaymentRun]) -> list[ListedRun]:
    """The runs in their order; one query for all of them."""
    found = list(runs)
    totals, counts = defaultdict[int, list[Money]](list), defaultdict[int, list[int]](lambda: [0, 0, 0])
    rows = RunLine.objects.filter(run__in=found).values("run", "currency").order_by("currency")
    for row in rows.annotate(
        total=Sum("amount"),
        count=Count("pk"),
        unanswered=Count("pk", filter=Q(state=RunLine.OPEN)),
        came_back=Count("pk", filter=Q(state=RunLine.FAILED)),
    ):
        totals[row["run"]].append(Money(row["total"], row["currency"]))
        more = (row["count"], row["unanswered"], row["came_back"])
        counts[row["run"]] = [one + other for one, other in zip(counts[row["run"]], more, strict=True)]
    return [_listed(run, tuple(totals[run.pk]), *counts[run.pk]) for run in found]


def _listed(run: PaymentRun, totals: tuple[Money, ...], count: int, open_lines: int, failed: int) -> ListedRun:
    state = run.state_with(open_lines=open_lines)
    since = run.fetched_at if state == "fetched" else None
    waiting = (timezone.now() - since).days if since is not None else None
    return ListedRun(run, state, Figures(count, totals), open_lines, failed, waiting)
