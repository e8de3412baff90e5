"""`signin.*`: each attempt must compute one hash; and the cost of sign-in without the hash."""

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Literal

from django.core.wsgi import get_wsgi_application

from benchmarks.browser import Answer, Browser
from benchmarks.figure import Comparison, Figure, compare
from benchmarks.ground import plain_django_url
from benchmarks.hashes import HASHES
from benchmarks.members import PASSWORD, Member, end_waits, make_members, newest_code
from benchmarks.peer import Peer
from benchmarks.sizes import sized
from mypolis.foundation.factors.passwords.password_rules import hash_password
from mypolis.foundation.markets import market as profile_of

MARKETS = ("rs", "id", "ru")
MEMBERS = sized(20, smoke=4)
TIMES = sized(12, smoke=2)
RATE_GOALS = {"django": 1.0, "allauth": 1.0}
NOBODY = {"email": "nobody@example.test", "username": "nobody2222", "mobile": "+79160000000"}


def figures(runs: int) -> Iterator[Figure]:
    """Measure everything about sign-in."""
    members = {market: make_members(market, MEMBERS) for market in MARKETS}
    yield _hashes(members)
    yield _rest_over_django(members, runs)
    for peer in ("django", "allauth"):
        yield _rate_over(peer, members["id"], runs)


def _hashes(members: dict[str, list[Member]]) -> Figure:
    counts = [
        _hashes_of(attempt, market, name, password)
        for market in MARKETS
        for name in (members[market][0].name, NOBODY[profile_of(market).signin.name])
        for password in (PASSWORD, "not the password of anybody")
        for attempt in (_by_page, _by_api)
    ]
    return Figure(
        name="signin.hashes",
        value=max(counts, key=lambda count: abs(count - 1)),
        unit="hashes",
        goal=1,
        exact=True,
        runs=len(counts),
        of="furthest from 1",
        note="Argon2 computations of one attempt, counted at the C library, for known and unknown names, right and "
        "wrong passwords, pages and API, in three markets",
    )


def _hashes_of(attempt: Callable[[str, str, str], Answer], market: str, name: str, password: str) -> int:
    before = HASHES.count
    attempt(market, name, password)
    return HASHES.count - before


def _rest_over_django(members: dict[str, list[Member]], runs: int) -> Figure:
    hash_password(PASSWORD)
    with Peer("django", plain_django_url()) as django:
        new = {market: compare(_side(members[market]), django, runs=runs, times=TIMES) for market in MARKETS}
        known = compare(_known_side(members["id"]), django, runs=runs, times=TIMES)
        whole = compare(_whole_side(members["id"]), django, runs=runs, times=TIMES)
    worst = max(new.values(), key=lambda found: found.ratio)
    return Figure(
        name="signin.rest_over_django",
        value=round(max(worst.ratio, known.ratio), 2),
        unit="ratio",
        goal=1.7,
        runs=runs,
        of="median",
        note=_note_on_rest(new, known, whole),
    )


def _rate_over(peer: Literal["django", "allauth"], members: list[Member], runs: int) -> Figure:
    """Compare sign-ins per second and core, from password to session: the inverse of their processor time."""
    with Peer(peer, plain_django_url()) as them:
        known = compare(_known_side(members, whole=True), them.whole, runs=runs, times=TIMES)
        new = compare(_whole_side(members, whole=True), them.whole, runs=runs, times=TIMES)
    rates = f"{1 / known.ours:.1f} ÷ {1 / known.theirs:.1f} a second and core"
    return Figure(
        name=f"signin.rate_over_{peer}",
        value=round(1 / known.ratio, 2),
        unit="ratio",
        goal=RATE_GOALS[peer],
        more=True,
        runs=runs,
        of="median",
        note=f"{rates}: processor time of the web process, with the hash (19 MiB, 2 passes, 1 lane on both sides), "
        "for one POST that opens a session. Ours: Indonesia on a known device. Not part of the goal: both POSTs on a "
        f"new device, with a code in between: {1 / new.ours:.1f} per second and core, ratio {1 / new.ratio:.2f}",
    )


def _note_on_rest(new: dict[str, Comparison], known: Comparison, whole: Comparison) -> str:
    each = ", ".join(f"{market} {found}" for market, found in new.items())
    return (
        "Processor time of the web process without Argon2 for one POST; the database is a separate process and not "
        "included. The worst is quoted. Ours: the POST of the credentials on a new device, which starts the journey "
        f"and queues the code ({each}); on a known device, which opens the session (id {known}). Theirs: the POST of "
        "LoginView. Not part of the goal: both POSTs on a new device, the second with device row and session: "
        f"id {whole}"
    )


def _side(members: list[Member]) -> Callable[[], float]:
    """Return a function that signs in on a new device, until the code is queued."""
    turns = cycle(members)

    def once() -> float:
        member = next(turns)
        return _by_page(member.market, member.name, PASSWORD).expect(302).seconds

    return once


def _known_side(members: list[Member], *, whole: bool = False) -> Callable[[], float]:
    """Return a function that signs in on a known device, until the session is open; `whole` includes the hash."""
    browsers = {member.name: _signed_in(member)[0] for member in members}
    turns = cycle(members)

    def once() -> float:
        member = next(turns)
        browser = browsers[member.name]
        browser.forget("session")
        answer = _post(browser, member.market, member.name, PASSWORD)
        if "/home/" not in answer.expect(302).header("Location"):
            raise RuntimeError("no session was opened")
        return answer.whole if whole else answer.seconds

    return once


def _whole_side(members: list[Member], *, whole: bool = False) -> Callable[[], float]:
    """Return a function that sends both POSTs of a sign-in on a new device; `whole` includes the hash."""
    turns = cycle(members)

    def once() -> float:
        answers = _signed_in(next(turns))[1]
        return sum(answer.whole if whole else answer.seconds for answer in answers)

    return once


def _signed_in(member: Member) -> tuple[Browser, tuple[Answer, Answer]]:
    end_waits()
    browser = Browser(get_wsgi_application())
    browser.get(f"/{member.market}/signin/")
    first = _post(browser, member.market, member.name, PASSWORD).expect(302)
    code = newest_code(member.code_to)
    second = browser.post(f"/{member.market}/signin/", step="code", code=code).expect(302)
    return browser, (first, second)


def _by_page(market: str, name: str, password: str) -> Answer:
    browser = Browser(get_wsgi_application())
    browser.get(f"/{market}/signin/")
    return _post(browser, market, name, password)


def _post(browser: Browser, market: str, name: str, password: str) -> Answer:
    field = profile_of(market).signin.name
    return browser.post(f"/{market}/signin/", step="credentials", **{field: name, "password": password})


def _by_api(market: str, name: str, password: str) -> Answer:
    browser = Browser(get_wsgi_application())
    started = browser.post_json(f"/api/v1/{market}/journeys", {"journey": "signin"}).expect(201)
    answers = {profile_of(market).signin.name: name, "password": password}
    return browser.post_json(
        f"/api/v1/{market}/journeys/{started.json()['token']}", {"step": "credentials", "answers": answers}
    )
