"""Makes lists of any length in each market's columns; the same list every time.

Names are real ones if a folder `shared/data` beside the project has open name lists; otherwise a few built-in ones.
"""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import islice
from pathlib import Path
from random import Random

from stdnum.si import emso

DATA = Path(__file__).parents[2].parent / "shared" / "data"
EMPLOYER = "big-employer"
SEED = 3

type Cells = dict[str, str]

_FEW = {
    "ru-surname": ["Соколова", "Семёнов", "Кузнецов", "Мамедов", "Ким"],
    "ru-given": ["Анна", "Пётр", "Артём", "Наталья", "Али"],
    "ru-patronymic": ["Сергеевна", "Ильич", "Мамед оглы"],
    "rs-surname": ["Đorđević", "Петровић", "Nikolić", "Stojković"],
    "rs-given": ["Jelena", "Марко", "Đorđe", "Ljiljana"],
    "id-name": ["Budi", "Siti", "Wayan", "Putri", "Agus"],
}


def write_list(market: str, path: Path, *, rows: int) -> None:
    """Write a list of distinct people as CSV. A longer list begins with the same people."""
    make = {"ru": _russian, "rs": _serbian, "id": _indonesian}[market]
    cells = list(islice(make(Random(SEED)), rows))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(cells[0]))
        writer.writeheader()
        writer.writerows(cells)


def _russian(dice: Random) -> Iterator[Cells]:
    surnames = _column("names_surnames_by_country_CC0.csv", "Localized Name", "RU") or _FEW["ru-surname"]
    given = _column("names_ru_given_top3000_BSD.csv", "text") or _FEW["ru-given"]
    patronymics = [*(_column("names_ru_patronymic_BSD.csv", "text") or _FEW["ru-patronymic"]), "", "Нет", "-"]
    number = 0
    while number := number + 1:
        yield {
            "№ полиса": f"ДМС-{number % 4}",
            "Фамилия": dice.choice(surnames),
            "Имя": dice.choice(given),
            "Отчество": dice.choice(patronymics),
            "Дата рождения": _birth(dice, number).strftime("%d.%m.%Y"),
            "Мобильный телефон": dice.choice(["+7 9{:02} {:03}-{:02}-{:02}", "8(9{:02}){:03}{:02}{:02}"]).format(
                16, number // 10_000, number // 100 % 100, number % 100
            ),
            "E-mail": f"member{number}@example.test",
            "Табельный номер": str(number),
        }


def _serbian(dice: Random) -> Iterator[Cells]:
    surnames = _column("names_surnames_by_country_CC0.csv", "Localized Name", "RS") or _FEW["rs-surname"]
    given = _column("names_forenames_by_country_CC0.csv", "Localized Name", "RS") or _FEW["rs-given"]
    number = 0
    while number := number + 1:
        born = _birth(dice, number)
        body = f"{born:%d%m}{born.year % 1000:03}71{number % 1000:03}"
        yield {
            "JMBG": body + emso.calc_check_digit(body),
            "Broj polise": f"RS-{number}",
            "Prezime": dice.choice(surnames),
            "Ime": dice.choice(given),
            "Mobilni": f"06{dice.choice('0123')}/{number:07}",
            "E-pošta": f"klijent{number}@example.test" if number % 5 else "",
        }


def _indonesian(dice: Random) -> Iterator[Cells]:
    parts = _second_column("names_indonesia_MIT.csv") or _FEW["id-name"]
    number = 0
    while number := number + 1:
        kind = dice.choice(["group", "individual", "sharia"])
        yield {
            "Jenis Polis": kind,
            "Nomor Polis": "GRP-1" if kind == "group" else f"{kind[:3]}-{number}".upper(),
            "Nomor Peserta": f"{number:06}" if kind == "group" else "",
            "Nama": " ".join(dice.choice(parts) for _ in range(dice.randint(1, 3))),
            "Tanggal Lahir": _birth(dice, number).isoformat(),
            "No. HP": f"0812{number:07}",
            "Surel": f"keluarga{number // 2}@example.test",
        }


def _birth(dice: Random, number: int) -> date:
    """Return a birth date that differs between neighbours in the list."""
    return date(1950, 1, 1) + timedelta(days=number * 7 % 18_000 + dice.randrange(3))


def _column(file: str, column: str, country: str | None = None) -> list[str]:
    path = DATA / file
    if not path.exists():
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if country in (None, row.get("Country"))]
    return [row[column] for row in rows if row[column]]


def _second_column(file: str) -> list[str]:
    path = DATA / file
    if not path.exists():
        return []
    return [line.split(",")[1] for line in path.read_text(encoding="utf-8").splitlines() if "," in line]
