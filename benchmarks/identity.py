"""`identity.*`: what a stranger learns of who is known, by the time of an answer and by guessing codes."""

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
TRIES_A_RUN = sized(30, smoke=2)  # of either kind, in each market
WARMING = sized(10, smoke=1)
USES = 9  # of one name: below every limit on tries
FIRST = 20_000  # apart from the people of the other benchmarks
EASY = 10  # the most work that a captcha asks here
WIDEST = 0.05  # from 0.5, where nothing can be told

ADDRESSES = sized(1_000, smoke=12)
JOURNEYS = sized(40, smoke=4)  # that the guessers begin, where they are let; the rest of them guess in these
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
    """A figure that is good by more than its value."""

    good: bool

    @property
    def holds(self) -> bool:
        """Whether the goal is met."""
        return self.good


@dataclass(frozen=True)
class Claim:
    """What somebody types about themselves: a member's details, or a stranger's of the same shape."""

    market: str
    number: int
    name: str
    is_known: bool


def figures(runs: int) -> Iterator[Figure]:
    """How well the clock tells who is known; then how many codes can be tried."""
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
        note=f"Area under ROC of the wall time of one POST, {0.5 - WIDEST:.2f}–{0.5 + WIDEST:.2f} is good; above 0.5 "
        f"the known are slower. {tries} tries of either kind in each market, in turn: {KINDS[journey]}. "
        + ", ".join(f"{market} {area:.3f}" for market, area in found.items()),
    )


def _area_of(journey: str, form: Callable[[Claim], Form], pairs: list[tuple[Claim, Claim]], tries: int) -> float:
    """Strangers and members in turn, A B B A A B …: whatever comes second pays for what the first one left."""
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
    """How often a member's answer takes longer than a stranger's: the area under ROC; ties count half."""
    ordered = sorted(strangers)
    slower = sum(bisect_left(ordered, time) + bisect_right(ordered, time) for time in members) / 2
    return slower / (len(strangers) * len(members))


class _Everywhere:
    """The application, asked from another address each time."""

    def __init__(self) -> None:
        self._application = get_wsgi_application()
        self._turns = count(1)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        turn = next(self._turns)
        environ["REMOTE_ADDR"] = f"10.{turn >> 16}.{turn >> 8 & 255}.{turn & 255}"
        return self._application(environ, start_response)


def _claims(market: str, size: int) -> list[tuple[Claim, Claim]]:
    """Pairs of a stranger and a member, whose details have the same shape."""
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
    """The member, with all on file that the market's forms compare."""
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
    """A proof of work that is quick to find, and judged like any other."""
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
    """Somebody on file with one field wrong; a stranger has this one wrong too."""
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
        note=f"Codes judged of {ADDRESSES} guesses against one account, each from another address, in up to {JOURNEYS} "
        "journeys that the guessers began, sign-in (they have the password) and recovery in turn: "
        + ", ".join(f"{case} {number}" for case, number in judged.items())
        + "; the limit on codes a day is lifted here. Afterwards the member signs in from a known device: "
        + (f"NOT in {', '.join(shut_out)}" if shut_out else "yes, in each of them"),
    )


def _attack(market: str, ways: tuple[str, ...]) -> tuple[dict[str, int], bool]:
    """How many guesses were judged in each way, and whether the member still comes in on the device of before."""
    [member] = make_members(market, 1, first=GUESSED)
    claim = _on_file(member, GUESSED)
    own = Browser(get_wsgi_application())
    end_waits()  # of the attack before, on the member with this address in another market
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
    """The browser with a journey that waits for a code, and its page; none where a limit stands before it."""
    browser.get(page).expect(200)
    answer = browser.post(page, **first)
    if answer.status == 429:
        return []
    answer.expect(302)
    return [(browser, page)]


def _is_judged(answer: Answer) -> bool:
    """Whether a guess was looked at, not turned away unread."""
    return answer.status != 429 and answer.expect(422).status == 422


def _comes_in(browser: Browser, member: Member) -> bool:
    """Sign in, with the code where one is asked for."""
    page = f"/{member.market}/signin/"
    browser.forget("session")
    browser.get(page).expect(200)
    field = profile_of(member.market).signin.name
    answer = browser.post(page, step="credentials", **{field: member.name, "password": PASSWORD})
    if answer.status == 302 and "/home/" not in answer.header("Location"):
        answer = browser.post(page, step="code", code=newest_code(member.code_to))
    return answer.status == 302 and "/home/" in answer.header("Location")
