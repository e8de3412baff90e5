"""The API for partners: load plan books, and send what is reserved and used."""

from typing import Annotated, Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Query, Router

from mypolis.doors.integrations.access import Partner, partner_of
from mypolis.doors.integrations.limits import PLAN_BOOKS_SENT
from mypolis.doors.integrations.schemas import BookRefusedDoc, BookReportDoc, Entries, EntriesReportDoc, TokenDoc
from mypolis.foundation.guards.flows import spend
from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.insurance.coverage.feeds.feed import take_entries
from mypolis.insurance.coverage.feeds.feed_rows import as_written
from mypolis.insurance.coverage.plan_books.book_rules import BookRefusedError
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.coverage.rights import COVER_ENTRIES, PLAN_BOOKS

MOST_FINDINGS = 100

router = Router(tags=["partners"])
_REFUSALS = dict.fromkeys((403, 422, 429), ProblemDoc)
_A_BOOK = {
    "requestBody": {
        "required": True,
        "description": "A plan book, whose JSON Schema is at /api/v1/schemas/plan-book.json; at most 256 KiB.",
        "content": {kind: {"schema": {"type": "object"}} for kind in ("application/json", "application/yaml")},
    }
}


@router.get("/{market}/partner", auth=Partner(), response={200: TokenDoc, 429: ProblemDoc}, url_name="partner")
def partner(request: HttpRequest, market: str) -> Any:
    """The token of this request: its partner, its rights, and its expiry."""
    return request.auth  # type: ignore[attr-defined]


@router.post(
    "/{market}/plan-books",
    auth=Partner(PLAN_BOOKS.name),
    response={200: BookReportDoc, **_REFUSALS, 422: BookRefusedDoc},
    openapi_extra=_A_BOOK,
    url_name="plan-books",
)
def plan_books(
    request: HttpRequest,
    market: str,
    dry_run: Annotated[bool, Query(description="Report what would happen, and change nothing.")] = False,
) -> Any:
    """Load a plan book, all or nothing. Loading the same book again changes nothing."""
    if unknown := request.GET.keys() - {"dry_run"}:  # a misspelt `dry_run` must not load for real
        text = _("There is no such parameter.")
        return problem(
            422, "unreadable", text, errors=[(name[:100], "unknown_field", text) for name in sorted(unknown)]
        )
    book = request.body
    if str(len(book)) != request.headers.get("Content-Length"):  # a truncated book may still be a valid book
        text = _("The plan book arrived incomplete. Send it again, with its length.")
        return problem(400, "not-whole", text)
    spend(PLAN_BOOKS_SENT, request.auth.partner, market=market)  # type: ignore[attr-defined]
    try:
        report = load_book(market=market, book=book, by=partner_of(request), dry_run=dry_run)
    except BookRefusedError as error:
        findings = [found.as_json() for found in error.problems[:MOST_FINDINGS]]
        return problem(
            422, "book-refused", _("The plan book was not loaded. Correct the reported mistakes."), findings=findings
        )
    return {"dry_run": dry_run, **report.as_json()}


@router.post(
    "/{market}/cover/entries",
    auth=Partner(COVER_ENTRIES.name),
    response={200: EntriesReportDoc, **_REFUSALS},
    url_name="cover-entries",
)
def cover_entries(request: HttpRequest, market: str, body: Entries) -> dict[str, Any]:
    """Load entries of the core system. Bad ones are reported, the others loaded; repeating an entry changes nothing."""
    entries = as_written(request.body)["entries"]  # numbers in `body` have lost their original spelling
    return take_entries(market=market, entries=entries, by=partner_of(request), as_of=body.as_of).as_json()
