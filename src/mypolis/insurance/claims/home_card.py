"""Claims on a member's home page: what is happening with them, and what waits for the member."""

from collections.abc import Iterable

from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.web.sections import Facts, Waiting
from mypolis.insurance.claims.clinic_bills.answers import answer_about
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.pages.claim_list import Row, may_have_open_claims, open_claims
from mypolis.membership.accounts.sessions.middleware import account_of

_SHOWN = 3
_READ = 10


def claims_at_home(request: HttpRequest) -> Facts | None:
    """A few open claims that do not wait for the member (those are tasks of the page); None without any."""
    rows = [row for row in _open(request) if not _waits(row)]
    return {"rows": rows[:_SHOWN], "has_more": len(rows) > _SHOWN} if rows else None


def waiting_claims(request: HttpRequest) -> Iterable[Waiting]:
    """Claims that wait for the member: questions, payments that came back, clinics' bills that ask "was this you?"."""
    for row in _open(request):
        claim, step = row.shown.claim, row.shown.next
        if step is None or not _waits(row):
            continue
        url = reverse("claim", args=[claim.market, claim.pk])
        if claim.state == State.WAITING:
            day = date_format(step.by, "DATE_FORMAT") if step.by is not None else ""
            text = _("Please answer our questions by %(day)s.") % {"day": day}
            yield Waiting(_("Claim %(number)s") % {"number": claim.number}, text, url, "claim")
        elif claim.origin == "clinic":
            text = _("Did this treatment take place? Please answer.")
            yield Waiting(_("Claim %(number)s") % {"number": claim.number}, text, url, "claim")
        else:
            yield Waiting(_("Claim %(number)s") % {"number": claim.number}, step.text, url, "wallet")


def _waits(row: Row) -> bool:
    """Whether we wait for something that the member does or says."""
    if row.shown.claim.origin == "clinic":
        return answer_about(row.shown.claim) is None
    return row.shown.is_own and row.shown.claim.state in (State.WAITING, State.PAYMENT_FAILED)


def _open(request: HttpRequest) -> list[Row]:
    """The member's open claims, read once for each request."""
    found: list[Row] | None = getattr(request, "open_claims", None)
    if found is None:
        account = account_of(request)
        found = open_claims(account, _READ) if account is not None and may_have_open_claims(account) else []
        request.open_claims = found  # type: ignore[attr-defined]
    return found
