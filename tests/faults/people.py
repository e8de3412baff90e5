"""The invented people who register: lists as an employer would send them, and what each person types."""

import base64
import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from altcha import solve_challenge_v1
from stdnum.si import emso

from tests.cast import PASSWORD

WAYS = ("client", "group", "open", "invitation")
MARKETS = {"client": "rs", "group": "id", "open": "ru", "invitation": "ru"}
CONSENTS = {"client": 1, "group": 1, "open": 2, "invitation": 2}
SECRETS = {"password": PASSWORD, "password_repeat": PASSWORD}
_LETTERS = "абвгдежзик"


@dataclass(frozen=True)
class Insured:
    """One row of a list. All data of a person depend on `number`, so they differ from other people's."""

    way: str
    number: int

    @property
    def market(self) -> str:
        return MARKETS[self.way]

    @property
    def email(self) -> str:
        return f"{self.way}{self.number}@example.test"

    @property
    def mobile(self) -> str:
        prefix, kind = ("+38164", 0) if self.market == "rs" else ("+7916", WAYS.index(self.way))
        return f"{prefix}{kind or 3}{self.number:06}"

    @property
    def birth_date(self) -> date:
        return date(1970, 1, 1) + timedelta(days=self.number)

    @property
    def national_id(self) -> str:
        day = f"{self.birth_date:%d%m%Y}"
        twelve = f"{day[:4]}{day[5:]}{71:02}{self.number % 1000:03}"
        return twelve + str(emso.calc_check_digit(twelve))

    @property
    def surname(self) -> str:
        return "Приме" + "".join(_LETTERS[int(digit)] for digit in f"{WAYS.index(self.way)}{self.number}")

    def row(self) -> dict[str, str]:
        """The row of the list."""
        row = {"policy_number": f"P-{self.way}", "given_name": "Ana", "email": self.email}
        match self.market:
            case "rs":
                more = {"surname": "Primer", "national_id": self.national_id, "mobile": self.mobile}
                return row | more | {"policy_number": f"P-{self.number}"}
            case "id":
                return row | {"participant_number": f"{self.number:06}", "birth_date": str(self.birth_date)}
        more = {"surname": self.surname, "given_name": "Анна", "birth_date": str(self.birth_date)}
        return row | more | {"mobile": self.mobile}

    def reached_at(self, step: str) -> str:
        """Return the address to which a step's code is sent."""
        return self.mobile if self.market == "ru" else self.email

    def answers(self, step: str) -> dict[str, Any]:
        """Return what the person types in a step, without codes and captchas."""
        match self.way, step:
            case "client", "identity":
                who = {"national_id": self.national_id, "policy_number": f"P-{self.number}", "mobile": self.mobile}
                return {**who, **SECRETS, "accept_privacy": True}
            case "group", "policy-type":
                return {"policy_type": "group"}
            case "group", "identity":
                who = {"policy_number": "P-group", "participant_number": f"{self.number:06}"}
                return {**who, "birth_date": str(self.birth_date), "email": self.email}
            case "open", "identity":
                name = {"surname": self.surname, "given_name": "Анна", "birth_date": str(self.birth_date)}
                return {**name, "mobile": self.mobile, "email": self.email, **SECRETS, **_TICKS}
            case "invitation", "identity":
                return {"policy_number": "P-invitation", "mobile": self.mobile, **SECRETS, **_TICKS}
            case _, "licence":
                return {"accept_licence": True}
            case _, "password" | "new-password":
                return dict(SECRETS)
        return {}


_TICKS = {"accept_rules": True, "accept_personal_data": True, "accept_marketing": False}


def everybody(count: int) -> list[Insured]:
    """Return so many people, distributed over all ways to register."""
    return [Insured(WAYS[number % len(WAYS)], number + 1) for number in range(count)]


def write_lists(people: list[Insured], folder: Path) -> Iterator[tuple[str, str, Path]]:
    """Write one list for each way to register. Yields way, market and file."""
    for way in WAYS:
        rows = [one.row() for one in people if one.way == way]
        if rows:
            path = folder / f"{way}.csv"
            with path.open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, list(rows[0]))
                writer.writeheader()
                writer.writerows(rows)
            yield way, MARKETS[way], path


def proof_of(task: dict[str, Any]) -> str:
    """Solve a captcha."""
    found = solve_challenge_v1(task["challenge"], task["salt"], task["algorithm"], task["maxnumber"], 0)
    kept = {key: task[key] for key in ("algorithm", "challenge", "salt", "signature")}
    return base64.b64encode(json.dumps({**kept, "number": found.number}).encode()).decode()
