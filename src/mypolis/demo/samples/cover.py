"""Loads the sample plan books and the sample people's usage, in the same way as an insurer would."""

import csv
import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from mypolis.demo.models import SamplePerson
from mypolis.demo.policy_papers import seed_policy_papers
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets import Profile
from mypolis.insurance.coverage.feeds.feed import load_feed
from mypolis.insurance.coverage.models import Plan
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.coverage.plan_books.plan_lookup import plans_on
from mypolis.membership.people.models import Membership

BOOKS = Path(__file__).resolve().parent / "books"
_COLUMNS = ("id", "kind", "policy_type", "policy_number", "participant_number", "employee_number", "national_id")
_MORE = ("benefit", "amount", "count", "date", "case", "visit")

# (benefit, kind, amount, count, days ago); benefits that a plan lacks are skipped.
_USED: dict[str, tuple[tuple[str, str, int, int, int], ...]] = {
    "rs": (
        ("pregled", "use", 3_200, 1, 70),
        ("specijalista", "use", 6_500, 1, 64),
        ("dijagnostika", "use", 14_800, 1, 60),
        ("dijagnostika", "reserve", 19_000, 1, 3),
        ("lekovi", "use", 4_350, 1, 58),
        ("zubar", "use", 12_000, 1, 21),
        ("lom", "use", 25_000, 1, 40),
        ("pomoc-na-putu", "use", 9_000, 1, 33),
        ("steta-na-vozilu", "reserve", 145_000, 1, 9),
    ),
    "id": (
        ("gp", "use", 145_000, 1, 80),
        ("medicines", "use", 312_500, 1, 80),
        ("specialist", "use", 250_000, 1, 52),
        ("diagnostics", "use", 640_000, 1, 51),
        ("telemedicine", "use", 0, 1, 30),
        ("dental", "use", 850_000, 1, 26),
        ("glasses", "use", 1_100_000, 1, 44),
        ("surgery", "reserve", 24_000_000, 1, 2),
    ),
    "ru": (
        ("diagnostics", "use", 18_400, 2, 75),
        ("diagnostics", "reserve", 9_800, 1, 2),
        ("home-visit", "use", 0, 1, 47),
        ("ambulance", "use", 0, 1, 90),
        ("dental", "use", 14_250, 1, 35),
        ("telemedicine", "use", 0, 3, 20),
        ("rehabilitation", "use", 0, 6, 15),
        ("medicines", "use", 4_180, 1, 28),
        ("hospital-planned", "reserve", 210_000, 0, 1),
    ),
}


def seed_cover(profile: Profile) -> None:
    """Load a market's plan book, usage, payments and documents, once; does nothing for a market unknown to the demo."""
    book = BOOKS / f"{profile.code}.yaml"
    if not book.exists() or Plan.objects.filter(market=profile.code).exists():
        return
    load_book(market=profile.code, book=book, by=SYSTEM)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "feed.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*_COLUMNS, *_MORE])
            writer.writeheader()
            writer.writerows(_rows(profile))
        report = load_feed(market=profile.code, path=path, by=SYSTEM)
    if report.errors:
        raise RuntimeError(f"the sample feed of {profile.code} has bad rows: {report.errors}")
    seed_policy_papers(profile)


def _rows(profile: Profile) -> Iterator[dict[str, str]]:
    """Feed rows for the sample people covered today; the registered ones have the most usage."""
    today = profile.today()
    samples = SamplePerson.objects.filter(market=profile.code).values_list("person", "password")
    passwords = dict(samples)
    rows = list(
        Membership.objects.in_force_on(today)
        .filter(person__in=passwords)
        .exclude(relation="child")  # feeds identify relatives by numbers that not all children have
        .select_related("policy", "person")
        .order_by("pk")
    )
    plans = plans_on((row, today) for row in rows)
    for row in rows:
        plan = plans.get((row.pk, today))
        used = _USED[profile.code] if passwords[row.person_id] else _USED[profile.code][: row.pk % 4]
        for number, (benefit, kind, amount, count, ago) in enumerate(used):
            if plan is not None and plan.benefit(benefit) is not None:
                named = {"id": f"demo-{row.pk}-{number}", "kind": kind, "benefit": benefit}
                yield named | _who(row) | _what(amount, count, today - timedelta(days=ago), number)


def _who(row: Membership) -> dict[str, str]:
    named = {"participant_number": row.participant_number, "employee_number": row.employee_number}
    if not any(named.values()):
        named = {"national_id": row.person.national_id or ""}
    return {"policy_type": row.policy.type, "policy_number": row.policy.number, **named}


def _what(amount: int, count: int, day: date, number: int) -> dict[str, str]:
    return {"amount": str(amount), "count": str(count), "date": day.isoformat(), "visit": f"V{number}", "case": ""}
