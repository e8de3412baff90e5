"""`journey.*`: a step of a journey, compared with a minimal Django view that uses one row."""

from collections.abc import Callable, Iterator

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Answer, Browser
from benchmarks.figure import Comparison, Figure, compare
from benchmarks.members import BIRTH_DATE, newest_code, put_on_file
from benchmarks.sizes import sized
from mypolis.foundation.journeys.models import Journey
from mypolis.membership.people.models import Employer

TIMES = sized(20, smoke=2)
PAGE = "/id/register/"
STEPS = ("identity", "licence", "code", "username", "password")


def figures(runs: int) -> Iterator[Figure]:
    """Measure GET and POST of a step."""
    plain = _Plain()
    yield _get_over_view(plain, runs)
    yield _post_over_view(plain, runs)


def _get_over_view(plain: "_Plain", runs: int) -> Figure:
    found = {}
    for number, step in enumerate(STEPS):
        visit = _Registration(900 + number)
        visit.walk_to(step)
        found[step] = compare(visit.show, plain.show, runs=runs, times=TIMES)
    return Figure(
        name="journey.get_over_view",
        value=round(max(each.ratio for each in found.values()), 2),
        unit="ratio",
        goal=1.8,
        runs=runs,
        of="median",
        note="Processor time of the web process. Ours: the page of an open step of the registration in id, the worst "
        f"of {_each(found)}. Theirs: a view that reads one row and renders a template in the same page frame, with the "
        "same middleware",
    )


def _post_over_view(plain: "_Plain", runs: int) -> Figure:
    found = {}
    for number, (step, ahead) in enumerate(
        (("policy-type", "identity"), ("licence", "code"), ("username", "password"))
    ):
        visit = _Registration(950 + number)
        visit.walk_to(ahead)
        found[step] = compare(visit.answering(step), plain.change, runs=runs, times=TIMES)
    return Figure(
        name="journey.post_over_view",
        value=round(max(each.ratio for each in found.values()), 2),
        unit="ratio",
        goal=2.2,
        runs=runs,
        of="median",
        note="Processor time of the web process. Ours: answering a step of the registration in id again without "
        f"sending a message, the worst of {_each(found)}. Theirs: a view that updates one row and inserts an "
        "event in a transaction and redirects, with the same middleware",
    )


def _each(found: dict[str, Comparison]) -> str:
    return ", ".join(f"{step} {each}" for step, each in found.items())


class _Plain:
    """A visitor of the plain view."""

    def __init__(self) -> None:
        employer = Employer.objects.create(market="id", key="plain", name="Plain")
        self._path = f"/id/plain/{employer.pk}/"
        self._browser = Browser(get_wsgi_application())
        self.show()

    def show(self) -> float:
        """GET."""
        return self._browser.get(self._path).expect(200).seconds

    def change(self) -> float:
        """POST."""
        return self._browser.post(self._path, name="Another name").expect(302).seconds


class _Registration:
    """A visitor who registers in Indonesia."""

    def __init__(self, number: int) -> None:
        self._person = put_on_file("id", number)
        self._card = f"{number:06}"
        self._browser = Browser(get_wsgi_application())

    def walk_to(self, step: str) -> None:
        """Answer every step before this one."""
        self._browser.get(PAGE)
        for earlier in ("policy-type", *STEPS[: STEPS.index(step)]):
            self._answer(earlier).expect(302)

    def show(self) -> float:
        """Show the current step."""
        return self._browser.get(PAGE).expect(200).seconds

    def answering(self, step: str) -> Callable[[], float]:
        """Return a function that goes back to a step, answers it, and returns the seconds of the answer."""

        def once() -> float:
            Journey.objects.update(taken=0)  # avoid the limit on answers: this journey gets hundreds of them
            self._browser.post(PAGE, back=step).expect(302)
            return self._answer(step).expect(302).seconds

        return once

    def _answer(self, step: str) -> Answer:
        return self._browser.post(PAGE, step=step, **self._answers(step))

    def _answers(self, step: str) -> dict[str, str]:
        match step:
            case "policy-type":
                return {"policy_type": "group"}
            case "identity":
                return {
                    "policy_number": "BENCH-1",
                    "participant_number": self._card,
                    "birth_date_day": str(BIRTH_DATE.day),
                    "birth_date_month": str(BIRTH_DATE.month),
                    "birth_date_year": str(BIRTH_DATE.year),
                    "email": self._person.email,
                }
            case "licence":
                return {"accept_licence": "on"}
            case "code":
                return {"code": newest_code(self._person.email)}
        return {}
