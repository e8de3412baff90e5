"""The rosters of these tests: 3,000 people per market (600 in a quick run), and those of them who register."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mypolis.foundation.lib.phones import parse_mobile
from tests.effort import examples
from tests.roster.big_lists import Cells, write_list

MARKETS = ("rs", "id", "ru")
ROWS = examples(3_000, quick=600)
WITH_EMAIL = 40
"""How many of the Russian roster have an e-mail, so that not all 3,000 get a message; the last two share one."""


@dataclass(frozen=True, kw_only=True)
class Insured:
    """One person of a roster, and what they type when it differs from the roster."""

    market: str
    way: str
    surname: str = ""
    given_name: str = ""
    patronymic: str = ""
    birth_date: str = ""
    national_id: str = ""
    policy_type: str = ""
    policy_number: str = ""
    participant_number: str = ""
    mobile: str
    email: str

    @property
    def number(self) -> str:
        """The mobile in the format of message addresses."""
        return parse_mobile(self.mobile, region=self.market.upper())


class Lists:
    """One roster per market, as a file and as people who have not registered yet."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._waiting = {market: self._write(market) for market in MARKETS}

    def path(self, market: str) -> Path:
        """The file, as an employer would send it."""
        return self.folder / f"{market}.csv"

    def somebody(self, way: str) -> Insured:
        """A person who can register in this way. Returns nobody twice."""
        market, fits = _FITS[way]
        waiting = self._waiting[market]
        row = next(row for row in waiting if fits(row))
        waiting.remove(row)
        return _READ[market](row, way)

    def _write(self, market: str) -> list[Cells]:
        path = self.path(market)
        write_list(market, path, rows=ROWS)
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        if market != "ru":
            return rows
        for row in rows[WITH_EMAIL:]:
            row["E-mail"] = ""
        rows[WITH_EMAIL - 1]["E-mail"] = rows[WITH_EMAIL - 2]["E-mail"]
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return rows[: WITH_EMAIL - 2] + rows[WITH_EMAIL:]


def _serbian(row: Cells, way: str) -> Insured:
    return Insured(
        market="rs",
        way=way,
        national_id=row["JMBG"],
        policy_number=row["Broj polise"],
        mobile=row["Mobilni"],
        email=row["E-pošta"] or f"nova-{row['JMBG']}@example.test",
    )


def _indonesian(row: Cells, way: str) -> Insured:
    return Insured(
        market="id",
        way=way,
        birth_date=row["Tanggal Lahir"],
        policy_type=row["Jenis Polis"],
        policy_number=row["Nomor Polis"],
        participant_number=row["Nomor Peserta"],
        mobile=row["No. HP"],
        email=row["Surel"],
    )


def _russian(row: Cells, way: str) -> Insured:
    own = row["Табельный номер"].zfill(7)
    return Insured(
        market="ru",
        way=way,
        surname=row["Фамилия"],
        given_name=row["Имя"],
        patronymic=row["Отчество"],
        birth_date=datetime.strptime(row["Дата рождения"], "%d.%m.%Y").date().isoformat(),
        policy_number=row["№ полиса"],
        mobile=f"+7 925 {own}" if way == "open-with-another-mobile" else row["Мобильный телефон"],
        email=row["E-mail"] or f"new{own}@example.test",
    )


_READ: dict[str, Callable[[Cells, str], Insured]] = {"rs": _serbian, "id": _indonesian, "ru": _russian}
_FITS: dict[str, tuple[str, Callable[[Cells], bool]]] = {
    "client": ("rs", lambda row: bool(row["E-pošta"])),
    "client-without-email": ("rs", lambda row: not row["E-pošta"]),
    "group": ("id", lambda row: row["Jenis Polis"] == "group"),
    "individual": ("id", lambda row: row["Jenis Polis"] == "individual"),
    "sharia": ("id", lambda row: row["Jenis Polis"] == "sharia"),
    "open": ("ru", lambda row: not row["E-mail"]),
    "open-with-another-mobile": ("ru", lambda row: bool(row["E-mail"])),
    "invitation": ("ru", lambda row: bool(row["E-mail"])),
}
WAYS = tuple(_FITS)
