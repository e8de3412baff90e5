"""`identity.*`: whether a stranger can find out who is known from response times, and how many codes can be guessed."""

import base64
import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import count
from typing import Any
from unittest.mock import patch

from django.core.wsgi import get_wsgi_application
from django.db import connection
from stdnum.si import emso

from benchmarks.browser import Answer, Browser
from benchmarks.figure import Figure
from benchmarks.members import BIRTH_DATE, PASSWORD, Member, end_waits, make_members, newest_code
from benchmarks.sizes import sized
from mypolis.foundation.guards import captcha
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.accounts.models import Username
from mypolis.membership.accounts.usernames.generated_usernames import reserve_username
from mypolis.membership.people.models import Person

MARKETS = ("rs", "id", "ru")
TRIES_A_RUN = sized(30, smoke=2)  # of each kind, in each market
WARMING = sized(10, smoke=1)
USES = 9  # of one name: below all limits on attempts
FIRST = 20_000  # number of the first person; other benchmarks use lower numbers
EASY = 10  # the most work that a captcha needs here
WIDEST = 0.05  # the accepted distance from 0.5, where response times tell nothing

ADDRESSES = sized(1_000, smoke=12)
JOURNEYS = sized(40, smoke=4)  # the guessers begin up to this many journeys, and make all their guesses in them
MOST_GUESSES = 5
GUESSED = 40_001
OPENED_BY_CODE = {"rs": ("signin",), "id": ("signin", "recover"), "ru": ("signin", "recover")}

KINDS = {
    "register": "a stranger's details, and those of somebody on file with one field wrong (rs policy number, "
    "id e-mail, ru birth date)",
    "signin": "an unknown name, and a known one with a wrong password",
    "recover": "an unknown and a known person (rs JMBG and policy, id username, ru mobile and birth date)",
}

type Form = dict[str, str]


@dataclass(frozen=True, kw_only=True)
class Judged(Figure):
    """A figure whose goal depends on more than its value."""

    good: bool

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.good


@dataclass(frozen=True)
class Claim:
    """The details that somebody types: a member's, or a stranger's of the same shape."""

    market: str
    number: int
    name: str
    is_known: bool


def figures(runs: int) -> Iterator[Figure]:
    """Measure how well response times show who is known, and then how many codes can be guessed."""
    tries = runs * TRIES_A_RUN
    claims = {market: _claims(market, -(-(tries + WARMING) // USES)) for market in MARKETS}
    with connection.cursor() as cursor:
        cursor.execute("analyze")
    for journey, form in (("register", _register), ("signin", _signin), ("recover", _recover)):
        yield _timing(journey, form, claims, tries)
    yield _guesses()


def _timing(
    journey: str, form: Callable[[Claim], Form], claims: dict[str, list[tuple[Claim, Claim]]], tries: int
) -> Figure:
    found = {market: _area_of(journey, form, claims[market], tries) for market in MARKETS}
    worst = max(found.values(), key=lambda area: abs(area - 0.5))
    return Judged(
        name=f"identity.timing_auc.{journey}",
        value=round(worst, 3),
        unit="area",
        goal=0.5 + WIDEST,
        good=abs(worst - 0.5) <= WIDEST,
        runs=tries,
        of="furthest from 0.5",
        note=f"Area under ROC of the wall time of one POST; {0.5 - WIDEST:.2f}–{0.5 + WIDEST:.2f} is good; above 0.5 "
        f"known people are slower. {tries} tries of each kind in each market, alternately: {KINDS[journey]}. "
        + ", ".join(f"{market} {area:.3f}" for market, area in found.items()),
    )


def _area_of(journey: str, form: Callable[[Claim], Form], pairs: list[tuple[Claim, Claim]], tries: int) -> float:
    """Try strangers and members in the order A B B A A B …, since the second of a pair pays for leftover work."""
    market = pairs[0][0].market
    browser = Browser(_Everywhere())
    page = f"/{market}/register/group/" if (journey, market) == ("register", "id") else f"/{market}/{journey}/"
    browser.get(page).expect(200)
    status = 302 if journey == "recover" else 422
    times: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(tries + WARMING):
        for claim in pairs[turn % len(pairs)][:: 1 if turn % 2 else -1]:
            browser.forget("journey")
            answer = browser.post(page, **form(claim)).expect(status)
            times[claim.is_known].append(answer.waited)
    return _area(times[False][WARMING:], times[True][WARMING:])


def _area(strangers: list[float], members: list[float]) -> float:
    """Return how often a member's response takes longer than a stranger's: the area under ROC. Ties count half."""
    ordered = sorted(strangers)
    slower = sum(bisect_left(ordered, time) + bisect_right(ordered, time) for time in members) / 2
    return slower / (len(strangers) * len(members))


class _Everywhere:
    """The application; each request comes from another IP address."""

    def __init__(self) -> None:
        self._application = get_wsgi_application()
        self._turns = count(1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        turn = next(self._turns)
        environ["REMOTE_ADDR"] = f"10.{turn >> 16}.{turn >> 8 & 255}.{turn & 255}"
        return self._application(environ, start_response)


def _claims(market: str, size: int) -> list[tuple[Claim, Claim]]:
    """Return pairs of a stranger and a member whose details have the same shape."""
    members = make_members(market, size, first=FIRST)
    return [
        (Claim(market, number + size, _strange_name(member, number + size), False), _on_file(member, number))
        for number, member in enumerate(members, FIRST)
    ]


def _strange_name(member: Member, number: int) -> str:
    match profile_of(member.market).signin.name:
        case "email":
            return f"ana{number}@example.test"
        case "mobile":
            return _mobile("ru", number)
    name = reserve_username(member.market)
    Username.objects.filter(market=member.market, value=name, account=None).delete()
    return name


def _on_file(member: Member, number: int) -> Claim:
    """Return the member's details, after adding to the file everything that the market's forms compare."""
    person = Person.objects.get(market=member.market, email=f"ana{number}@example.test")
    person.mobile = _mobile(member.market, number)
    if member.market == "rs":
        person.national_id = _national_id(number)
    if member.market == "ru":
        person.surname, person.given_name = _surname(number), "Анна"
    person.write_keys()
    person.save()
    return Claim(member.market, number, member.name, True)


def _mobile(market: str, number: int) -> str:
    return {"rs": f"+38160{number:07}", "ru": f"+7916{number:07}"}.get(market, "")


def _national_id(number: int) -> str:
    digits = f"{BIRTH_DATE:%d%m%Y}"
    twelve = f"{digits[:4]}{digits[5:]}{number:05}"
    return twelve + str(emso.calc_check_digit(twelve))


def _surname(number: int) -> str:
    return "Приме" + "".join("абвгдежзик"[int(digit)] for digit in str(number))


def _birth_date(*, day: int = BIRTH_DATE.day) -> Form:
    return {
        "birth_date_day": str(day),
        "birth_date_month": str(BIRTH_DATE.month),
        "birth_date_year": str(BIRTH_DATE.year),
    }


def _solved(market: str) -> str:
    """Return a proof of work that is quick to find; it is checked like any other."""
    with patch.object(captcha, "HARDEST", EASY):
        task = captcha.challenge(market)
    tried = {sha256(f"{task['salt']}{number}".encode()).hexdigest(): number for number in range(EASY + 1)}
    payload = {key: task[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**payload, "number": tried[str(task["challenge"])]}).encode()).decode()


def _signin(claim: Claim) -> Form:
    field = profile_of(claim.market).signin.name
    return {"step": "credentials", field: claim.name, "password": "not the password of anybody"}


def _recover(claim: Claim) -> Form:
    match claim.market:
        case "rs":
            proof = _solved("rs")
            own: Form = {"national_id": _national_id(claim.number), "policy_number": "BENCH-1", "captcha": proof}
        case "ru":
            own = {"mobile": claim.name, **_birth_date()}
        case _:
            own = {"username": claim.name}
    return {"step": "identity", **own}


def _register(claim: Claim) -> Form:
    """Return a form about somebody on file with one wrong field. A stranger's form has the same field wrong."""
    passwords = {"password": PASSWORD, "password_repeat": PASSWORD}
    match claim.market:
        case "rs":
            own: Form = {
                "national_id": _national_id(claim.number),
                "mobile": _mobile("rs", claim.number),
                "policy_number": "OTHER-1",
                "accept_privacy": "on",
                "captcha": _solved("rs"),
                **passwords,
            }
        case "ru":
            own = {
                "surname": _surname(claim.number),
                "given_name": "Анна",
                "mobile": claim.name,
                "email": f"ana{claim.number}@example.test",
                "accept_rules": "on",
                "accept_personal_data": "on",
                **_birth_date(day=BIRTH_DATE.day + 1),
                **passwords,
            }
        case _:
            own = {
                "policy_number": "BENCH-1" if claim.is_known else "OTHER-1",
                "participant_number": f"{claim.number:06}",
                "email": f"eva{claim.number}@example.test",
                **_birth_date(),
            }
    return {"step": "identity", **own}


def _guesses() -> Figure:
    found = {market: _attack(market, ways) for market, ways in OPENED_BY_CODE.items()}
    judged = {f"{market} {way}": number for market, (each, _in) in found.items() for way, number in each.items()}
    most = max(judged.values())
    shut_out = [market for market, (_judged, let_in) in found.items() if not let_in]
    return Judged(
        name="identity.guesses_per_window",
        value=most,
        unit="codes",
        goal=MOST_GUESSES,
        good=most <= MOST_GUESSES and not shut_out,
        runs=ADDRESSES,
        of="most",
        note=f"Of {ADDRESSES} guesses against one account, how many were checked. Each comes from another address, in "
        f"up to {JOURNEYS} journeys that the guessers began: sign-in (they have the password) and recovery: "
        + ", ".join(f"{case} {number}" for case, number in judged.items())
        + "; the limit on codes per day is lifted here. Afterwards the member can sign in on a known device: "
        + (f"NOT in {', '.join(shut_out)}" if shut_out else "yes, in each market"),
    )


def _attack(market: str, ways: tuple[str, ...]) -> tuple[dict[str, int], bool]:
    """Return how many guesses were checked in each way, and whether the member can still sign in on a known device."""
    [member] = make_members(market, 1, first=GUESSED)
    claim = _on_file(member, GUESSED)
    own = Browser(get_wsgi_application())
    end_waits()  # from the previous attack, on the member with this address in another market
    if not _comes_in(own, member):
        raise RuntimeError("the member could not sign in before the attack")
    everywhere = _Everywhere()
    first = {"signin": _signin(claim) | {"password": PASSWORD}, "recover": _recover(claim)}
    begun: list[tuple[Browser, str]] = []
    judged = dict.fromkeys(ways, 0)
    for turn in range(ADDRESSES):
        if turn < JOURNEYS:
            way = ways[turn % len(ways)]
            begun += _begin(Browser(everywhere), f"/{market}/{way}/", first[way])
        browser, page = begun[turn % len(begun)]
        judged[page.split("/")[2]] += _is_judged(browser.post(page, step="code", code=f"{turn:06}"))
    return judged, _comes_in(own, member)


def _begin(browser: Browser, page: str, first: Form) -> list[tuple[Browser, str]]:
    """Begin a journey until it waits for a code; return browser and page. Returns nothing if a limit refuses it."""
    browser.get(page).expect(200)
    answer = browser.post(page, **first)
    if answer.status == 429:
        return []
    answer.expect(302)
    return [(browser, page)]


def _is_judged(answer: Answer) -> bool:
    """Whether the guess was checked and not refused by a limit."""
    return answer.status != 429 and answer.expect(422).status == 422


def _comes_in(browser: Browser, member: Member) -> bool:
    """Sign in, with a code if the portal asks for one. Returns whether it worked."""
    page = f"/{member.market}/signin/"
    browser.forget("session")
    browser.get(page).expect(200)
    field = profile_of(member.market).signin.name
    answer = browser.post(page, step="credentials", **{field: member.name, "password": PASSWORD})
    if answer.status == 302 and "/home/" not in answer.header("Location"):
        answer = browser.post(page, step="code", code=newest_code(member.code_to))
    return answer.status == 302 and "/home/" in answer.header("Location")
