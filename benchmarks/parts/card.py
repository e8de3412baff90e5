"""`card.*`: checking a card's code at a counter, compared with a minimal Django view that stores something."""

import secrets
from collections.abc import Iterator

from django.core.wsgi import get_wsgi_application
from django.utils import timezone

from benchmarks.browser import Browser
from benchmarks.figure import Figure, compare
from benchmarks.members import put_on_file
from benchmarks.sizes import sized
from mypolis.insurance.ecard.counter.card_codes import make_code
from mypolis.insurance.ecard.models import Card, Look
from mypolis.insurance.ecard.numbers import new_card_number
from mypolis.membership.people.models import Employer, Membership

TIMES = sized(20, smoke=2)
FIRST_PERSON = 2_000


def figures(runs: int) -> Iterator[Figure]:
    """Measure the check of a code that nobody has checked before."""
    counter, plain = _Counter(checks=runs * TIMES + 1), _Plain()  # `compare` warms up once
    found = compare(counter.check, plain.note, runs=runs, times=TIMES)
    if Look.objects.count() != counter.checks:
        raise RuntimeError("a check was not recorded, so something else was measured")
    yield Figure(
        name="card.verify_over_view",
        value=round(found.ratio, 2),
        unit="ratio",
        goal=3,
        runs=runs,
        of="median",
        note="Time until the response, with the database. Ours: the page that a counter gets for a code that nobody "
        f"checked before (two limits, signature, cover, the check and its event, earlier checks): {found}. Theirs: a "
        "view that reads one row, inserts one and renders a template in the same page frame, with the same middleware",
    )


class _Counter:
    """Scans another card's code each time, because a code is recorded only once a minute at the same counter."""

    def __init__(self, *, checks: int) -> None:
        self._cards = iter([_card(FIRST_PERSON + number) for number in range(checks)])
        self._browser = Browser(get_wsgi_application())
        self.checks = 0

    def check(self) -> float:
        """GET."""
        card = next(self._cards)
        code = make_code(card.pk, bytes(card.secret), market="id", use="now", made_at=timezone.now())
        self.checks += 1
        return self._browser.get(f"/id/v/{code}").expect(200).waited


class _Plain:
    """A visitor of the plain view."""

    def __init__(self) -> None:
        employer = Employer.objects.create(market="id", key="noting", name="Plain")
        self._path = f"/id/noting/{employer.pk}/"
        self._browser = Browser(get_wsgi_application())

    def note(self) -> float:
        """GET."""
        return self._browser.get(self._path).expect(200).waited


def _card(number: int) -> Card:
    membership = Membership.objects.get(person=put_on_file("id", number))
    return Card.objects.create(
        market="id", membership=membership, number=new_card_number(), serial=1, secret=secrets.token_bytes(32)
    )
