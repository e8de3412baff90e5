"""The audit's pages: Vesna is an auditor. She reads the trail, verifies it and takes copies; she changes nothing."""

import csv
import json
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.tables.safe_csv import BYTE_ORDER_MARK
from mypolis.offices.audit import exporting
from mypolis.offices.audit.event_kinds import AuditEvent
from mypolis.offices.audit.limits import TRAIL_EXPORTS
from tests.offices.test_audit_search import MEMBER, happened
from tests.staff.world import Colleague, at_desk, colleague

pytestmark = pytest.mark.django_db
BASE = "/desk/rs/audit/"


@pytest.fixture
def vesna() -> Colleague:
    """An auditor."""
    return colleague("Vesna", "auditor")


@pytest.fixture
def desk(vesna: Colleague) -> Client:
    """Her browser."""
    return at_desk(vesna)


def text_of(answer: Any) -> str:
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(content.decode())


def period(**more: str) -> dict[str, str]:
    """The fields of an export of yesterday to tomorrow."""
    now = timezone.now()
    days = {"since": f"{now - timedelta(days=1):%Y-%m-%d}", "until": f"{now + timedelta(days=1):%Y-%m-%d}"}
    return {**days, "form": "csv", **more}


@pytest.mark.parametrize(
    "typed",
    [
        {"about": "Jelena Petrović"},
        {"about": "jelena@example.test"},
        {"actor": "member:jelena@example.test"},
        {"actor": "jelena"},
        {"kind": "no.such"},
        {"since": "2026-02-30"},
        {"since": "2026-03-02", "until": "2026-03-01"},
    ],
)
def test_what_is_no_reference_is_refused_before_it_is_in_an_address(desk: Client, typed: dict[str, str]) -> None:
    answer = desk.post(BASE, typed)
    assert answer.status_code == 422
    by_hand = desk.get(BASE, typed)
    assert (by_hand.status_code, by_hand["Location"]) == (302, BASE)


def test_a_search_leads_to_an_address_with_references_only(desk: Client) -> None:
    happened("claim.saved", by=MEMBER, subject="claims.claim:1")
    typed = {"actor": " member:12 ", "about": "claims.claim:1", "kind": "claim.saved", "until_day": ""}
    answer = desk.post(BASE, typed)
    assert answer["Location"] == f"{BASE}?kind=claim.saved&actor=member%3A12&about=claims.claim%3A1"
    page = text_of(desk.get(answer["Location"]))
    assert "claims.claim:1" in page
    assert "203.0.113.9" not in page, "addresses of members are not for auditors"


def test_the_last_day_of_a_period_is_included(desk: Client) -> None:
    made = happened()
    day = f"{timezone.now():%Y-%m-%d}"
    zone_day = timezone.localtime(made.at).date().isoformat()
    assert f">{made.pk}<" in text_of(desk.get(BASE, {"since": zone_day, "until": zone_day, "kind": made.kind})), day


def test_older_events_are_on_the_next_page(desk: Client) -> None:
    made = [happened() for _one in range(52)]
    first = desk.get(BASE, {"kind": "keys.rotated"})
    assert f"before={made[2].pk}" in text_of(first)
    second = text_of(desk.get(BASE, {"kind": "keys.rotated", "before": str(made[2].pk)}))
    assert f">{made[0].pk}<" in second
    assert f">{made[2].pk}<" not in second


def test_an_event_shows_no_value_that_is_personal(desk: Client) -> None:
    row = happened(
        "claim.changed", by=MEMBER, subject="claims.claim:1", facts={"code": "excluded", "after": "rejected"}
    )
    page = text_of(desk.get(f"{BASE}events/{row.pk}/"))
    assert "rejected" in page
    assert "excluded" not in page
    assert "203.0.113.9" not in page
    assert "Safari" not in page


def test_colleagues_are_named(desk: Client, vesna: Colleague) -> None:
    row = happened("staff.signed_in", market="", by=vesna.actor)
    assert "Vesna" in text_of(desk.get(f"{BASE}events/{row.pk}/"))


def test_what_members_wrote_is_text(desk: Client) -> None:
    row = happened("<script>alert(1)</script>", subject="x", facts={"after": "<b>x</b>"})
    page = text_of(desk.get(f"{BASE}events/{row.pk}/"))
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


def test_an_unknown_event_is_not_found(desk: Client) -> None:
    other = happened(market="id")
    assert desk.get(f"{BASE}events/{other.pk}/").status_code == 404
    assert desk.get(f"{BASE}events/99999999999999999999/").status_code == 404


def test_a_page_of_the_audit_needs_few_statements(desk: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        happened(by=Actor("staff", str(number)))
    with django_assert_max_num_queries(15):
        desk.get(BASE)


def test_an_auditor_has_the_trail_verified(desk: Client) -> None:
    assert "Nobody has verified" in text_of(desk.get(f"{BASE}verify/"))
    assert desk.post(f"{BASE}verify/").status_code == 302
    assert "Runs" in text_of(desk.get(f"{BASE}verify/"))


def test_an_export_without_a_period_is_refused(desk: Client) -> None:
    assert desk.post(f"{BASE}export/", {"form": "csv"}).status_code == 422
    long_ago = f"{timezone.now() - timedelta(days=300):%Y-%m-%d}"
    assert desk.post(f"{BASE}export/", period(since=long_ago)).status_code == 422
    assert not Event.objects.filter(kind=AuditEvent.AUDIT_EXPORTED).exists()


def test_too_many_events_are_refused(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 1)
    happened(), happened()
    assert desk.post(f"{BASE}export/", period(kind="keys.rotated")).status_code == 422


def test_an_export_asks_for_a_factor_that_was_shown_lately(vesna: Colleague) -> None:
    browser = at_desk(vesna, minutes_ago=10)
    assert "export" not in browser.post(f"{BASE}export/", period()).get("Content-Disposition", "")
    assert not Event.objects.filter(kind=AuditEvent.AUDIT_EXPORTED).exists()


def test_an_export_has_the_period_without_personal_values_and_without_formulas(
    desk: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "_AT_ONCE", 2)
    happened("x.y", at=timezone.now() - timedelta(days=9))
    made = [happened("x.y", by=MEMBER, subject="=1+1", facts={"code": "excluded"}) for _one in range(5)]
    answer = desk.post(f"{BASE}export/", period())
    assert answer["Cache-Control"] == "no-store"
    rows = list(csv.DictReader(StringIO(text_of(answer).removeprefix(BYTE_ORDER_MARK))))
    mine = [row for row in rows if row["kind"] == "x.y"]
    assert [int(row["number"]) for row in mine] == [event.pk for event in made]
    assert {row["subject"] for row in mine} == {"'=1+1"}
    assert "203.0.113.9" not in str(rows)
    assert "excluded" not in str(rows)


def test_json_lines_can_be_read_one_by_one(desk: Client) -> None:
    happened(facts={"after": "paid"})
    lines = text_of(desk.post(f"{BASE}export/", period(form="jsonl", kind="keys.rotated"))).splitlines()
    assert [json.loads(line)["facts"] for line in lines] == [{"after": "paid"}]
    assert Event.objects.get(kind=AuditEvent.AUDIT_EXPORTED).facts["rows"] == 1


def test_exports_are_limited(desk: Client) -> None:
    for _one in range(TRAIL_EXPORTS.most):
        assert desk.post(f"{BASE}export/", period(kind="keys.rotated")).status_code == 200
    assert desk.post(f"{BASE}export/", period(kind="keys.rotated")).status_code == 429


@pytest.mark.parametrize("fields", [{"until": "9999-12-31"}, {"since": "0001-01-01"}, {"since": "9999-12-31"}])
def test_days_at_the_end_of_the_calendar_are_refused_or_searched_but_no_error(
    desk: Client, fields: dict[str, str]
) -> None:
    assert desk.post(BASE, fields).status_code in (302, 422)
    assert desk.get(BASE, fields).status_code in (200, 302)
