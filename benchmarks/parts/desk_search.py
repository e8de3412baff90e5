"""`desk.search_1m_over_1k`: the desk's search with a million people on file, compared with the same with a thousand."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import cycle

from django.core.wsgi import get_wsgi_application
from django.db import connection
from django.utils import timezone

from benchmarks.browser import Browser
from benchmarks.crowd import MEASURED
from benchmarks.databases import as_default, copy_of_portal, fill
from benchmarks.figure import Comparison, Figure, Side, compare
from benchmarks.sizes import sized
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.factors.holders import new_holder
from mypolis.foundation.staff.entrance.sessions import open_session
from mypolis.foundation.staff.models import StaffAccount
from mypolis.foundation.staff.team.role_changes import give_role
from mypolis.membership.people.models import Membership, Person

FEW, MANY = 1_000, sized(1_000_000, smoke=2_000)
TIMES = sized(20, smoke=2)
ON_A_POLICY = 5
# Names as unevenly spread as real ones: of 2,000 surnames and 500 given names, the first are by far the most frequent.
_FILL = """
    INSERT INTO people_policy (id, market, type, number, number_key, start)
        SELECT n, 'id', 'group', 'C-' || n, 'C' || n, '2020-01-01' FROM generate_series(1, %(policies)s) n;
    INSERT INTO people_person (id, market, surname, given_name, patronymic, name_key, birth_date, mobile, email,
        email_key, language)
        SELECT n, 'id', family, given, '', given || ' ' || family, '1988-03-14', '+62812' || (10000000 + n),
            'member' || n || '@example.test', 'member' || n || '@example.test', ''
        FROM (
            SELECT n, translate(md5('f' || (power(n * 7919::bigint %% 10007 / 10007.0, 3) * 2000)::int),
                    %(digits)s, %(letters)s) AS family,
                translate(md5('g' || (power(n * 104729::bigint %% 10009 / 10009.0, 3) * 500)::int),
                    %(digits)s, %(letters)s) AS given
            FROM generate_series(1, %(people)s) n
        ) AS named;
    INSERT INTO people_membership (id, participant_number, participant_key, employee_number, plan, relation, start,
        person_id, policy_id)
        SELECT n, lpad(n::text, 8, '0'), lpad(n::text, 8, '0'), 'E' || n, '', 'employee', '2020-01-01', n,
            (n - 1) / %(each)s + 1 FROM generate_series(1, %(people)s) n;
    INSERT INTO accounts_account (id, market, password_hash, language, created_at, person_id)
        SELECT n, 'id', '!', 'id', now(), n FROM generate_series(1, %(people)s) n;
    INSERT INTO accounts_contactpoint (account_id, market, kind, value, key, exclusive, confirmed_at)
        SELECT n, 'id', 'email', 'member' || n || '@example.test', 'member' || n || '@example.test', false, now()
        FROM generate_series(1, %(people)s) n;
    INSERT INTO accounts_username (market, value, account_id, reserved_at, campaign)
        SELECT 'id', 'kadusa' || n, n, now(), '' FROM generate_series(1, %(people)s) n;
"""

type Question = Callable[[Person], str]

# As `_FILL` makes it: 63 of 1,000 people have it, so on either side the page has the most rows that it can have.
FREQUENT = hashlib.md5(b"f0", usedforsecurity=False).hexdigest().translate(str.maketrans("0123456789", "ghijklmnop"))
QUESTIONS: dict[str, Question] = {
    "whole name": lambda person: f"{person.surname} {person.given_name}",
    "beginnings": lambda person: f"{person.given_name[:4]} {person.surname[:4]}",
    "one word": lambda person: person.surname,
    "frequent name": lambda _person: FREQUENT,
    "email": lambda person: person.email,
    "phone": lambda person: person.mobile,
    "policy": lambda person: f"C-{(person.pk - 1) // ON_A_POLICY + 1}",
    "participant": lambda person: f"{person.pk:08}",
    "username": lambda person: f"kadusa{person.pk}",
}


def figures(runs: int) -> Iterator[Figure]:
    """Measure each kind of search, and report the one that slows down most."""
    desks = (_Desk.make("bench_many", MANY), _Desk.make("bench_few", FEW))
    found: dict[str, Comparison] = {}
    for name, question in QUESTIONS.items():
        many, few = (desk.asks(question) for desk in desks)
        found[name] = compare(many, few, runs=runs, times=TIMES)
    told = "; ".join(f"{name} {comparison}" for name, comparison in found.items())
    yield Figure(
        name="desk.search_1m_over_1k",
        value=round(max(comparison.ratio for comparison in found.values()), 2),
        unit="ratio",
        goal=1.3,
        runs=runs,
        of="median",
        note=f"Time to the response, with database, at {MANY:,} people ÷ at {FEW:,}, in two databases of one server; "
        f"{MEASURED} people in turn. {told}",
    )


@dataclass(frozen=True)
class _Desk:
    """A database with people on file, the session of somebody who looks for them, and those who are looked for."""

    name: str
    session: str
    people: list[Person]

    @classmethod
    def make(cls, name: str, size: int) -> "_Desk":
        """Fill a new database."""
        copy_of_portal(name)
        with as_default(name):
            _fill(size)
            staff = StaffAccount.objects.create(
                email="mila@insurer.example",
                email_key="mila@insurer.example",
                name="Mila",
                language="en",
                password_hash="!",
                holder=new_holder(door="desk"),
                joined_at=timezone.now(),
            )
            give_role(account=staff, market="id", role="agent", by=SYSTEM)
            _session, token = open_session(account=staff, by=SYSTEM, factor="app")
            people = list(Person.objects.filter(pk__in=range(1, size + 1, size // MEASURED)).order_by("pk")[:MEASURED])
        return cls(name, token, people)

    def asks(self, question: Question) -> Side:
        """A side that searches for one person after another."""
        people, application = cycle(self.people), get_wsgi_application()
        browser = Browser(application)
        browser.cookies["__Host-staff-desk"] = self.session

        def search() -> float:
            person = next(people)
            with as_default(self.name):
                _start_counting_again()
                browser.get("/desk/id/people/").expect(200)
                answer = browser.post("/desk/id/search/", typed=question(person)).expect(200)
            if 'scope="row"' not in answer.text():
                raise RuntimeError("nobody was found")
            return answer.waited

        return search


def _fill(size: int) -> None:
    values: dict[str, int | str] = {"people": size, "policies": -(-size // ON_A_POLICY), "each": ON_A_POLICY}
    values |= {"digits": "0123456789", "letters": "ghijklmnop"}
    fill(_FILL, values)
    if Membership.objects.count() != size:
        raise RuntimeError("not everybody has a cover")


def _start_counting_again() -> None:
    """Let nobody reach the limit of searches: one person measures thousands."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM guards_counter")
