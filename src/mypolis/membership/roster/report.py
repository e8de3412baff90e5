"""The report on a loaded list, for programs and people. It contains rows, columns and codes, never a value."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.membership.roster.models import RosterLoad
from mypolis.membership.roster.problems import Problem

_REASONS: dict[str, Promise] = {
    "no_email": gettext_lazy("There is no email address, so no invitation was sent."),
    "shared_email": gettext_lazy("Another insured person has the same email address, so nobody was invited."),
    "bounced_email": gettext_lazy("An invitation to this email address came back. Ask the person for another address."),
}


@dataclass(frozen=True, kw_only=True)
class Report:
    """Counts of rows, problems by row, and the invitations. `id` is None when the report was not stored.

    `rows` is the sum of `loaded` (new on their policy), `updated`, `unchanged` and `rejected`. `withheld`
    pairs a row with the reason why its person was not invited.
    """

    id: int | None = None
    rows: int
    loaded: int
    updated: int
    unchanged: int
    rejected: int
    errors: tuple[Problem, ...]
    warnings: tuple[Problem, ...]
    sent: int
    withheld: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, load: RosterLoad) -> "Report":
        """The report of a list that was loaded before."""
        findings = load.findings
        return cls(
            id=load.pk,
            rows=load.rows,
            loaded=load.loaded,
            updated=load.updated,
            unchanged=load.unchanged,
            rejected=load.rejected,
            errors=tuple(Problem(*finding) for finding in findings["errors"]),
            warnings=tuple(Problem(*finding) for finding in findings["warnings"]),
            sent=load.invitations_sent,
            withheld=tuple((row, reason) for row, reason in findings["withheld"]),
        )

    @property
    def findings(self) -> dict[str, list[tuple[Any, ...]]]:
        """The value for `RosterLoad.findings`."""
        return {
            "errors": [(problem.row, problem.column, problem.code) for problem in self.errors],
            "warnings": [(problem.row, problem.column, problem.code) for problem in self.warnings],
            "withheld": list(self.withheld),
        }

    def as_json(self) -> dict[str, Any]:
        """The JSON form, which programs outside rely on, with the report's id."""
        return {
            "id": self.id,
            "rows": self.rows,
            "loaded": self.loaded,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "errors": [problem.as_json() for problem in self.errors],
            "warnings": [problem.as_json() for problem in self.warnings],
            "invitations": {
                "sent": self.sent,
                "withheld": [{"row": row, "reason": reason} for row, reason in self.withheld],
            },
        }

    def as_text(self) -> str:
        """Lines for a person to read, the counts first."""
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        counts = _(
            "Rows: %(rows)d. New: %(loaded)d, changed: %(updated)d, unchanged: %(unchanged)d, refused: %(rejected)d."
        )
        yield counts % {
            "rows": self.rows,
            "loaded": self.loaded,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
        }
        if self.sent or self.withheld:
            invitations = _("Invitations sent: %(sent)d, withheld: %(withheld)d.")
            yield invitations % {"sent": self.sent, "withheld": len(self.withheld)}
        yield from _section(_("Refused:"), self.errors)
        yield from _section(_("Please check:"), self.warnings)
        if self.withheld:
            yield _("Not invited:")
            for row, reason in self.withheld:
                yield _("  row %(row)d: %(message)s") % {"row": row, "message": _REASONS[reason]}
        if self.id is not None:
            yield _("Report %(id)d.") % {"id": self.id}


def _section(title: str, problems: tuple[Problem, ...]) -> Iterator[str]:
    if not problems:
        return
    yield title
    for problem in problems:
        place = {"row": problem.row, "column": problem.column, "message": problem.message}
        if problem.column:
            yield _("  row %(row)d, %(column)s: %(message)s") % place
        else:
            yield _("  row %(row)d: %(message)s") % place
