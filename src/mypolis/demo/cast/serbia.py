"""Clients of Lipa osiguranje: mostly people who insure themselves, some through an employer."""

from dataclasses import replace
from datetime import date

from stdnum.si import emso

from mypolis.demo.cast.family import PARENT_BORN, Relative, births, relative
from mypolis.demo.cast.member import FUTURE, REGISTERED, TERMINATED, Member, address, birth_date, period

EMPLOYERS = {"drina-drvo": "Drina Drvo d.o.o.", "beli-bagrem": "Beli Bagrem d.o.o."}

_NAMES = (
    "Jovanović Milica",
    "Petrović Nikola",
    "Đorđević Jelena",
    "Stojanović Marko",
    "Ilić Ana",
    "Pavlović Stefan",
    "Marković Ivana",
    "Kovačević Luka",
    "Živković Katarina",
    "Tomić Dušan",
    "Lazić Teodora",
    "Popović Aleksandar",
    "Ristić Snežana",
    "Stanković Vladimir",
    "Mitrović Dragana",
    "Simić Filip",
    "Šarić Gordana",
    "Lukić Miloš",
    "Krstić Tijana",
    "Gajić Nemanja",
    "Savić Vesna",
    "Todorović Uroš",
    "Aleksić Sanja",
    "Vuković Bojan",
    "Čolić Mirjana",
    "Radović Đorđe",
    "Zorić Nataša",
    "Nedeljković Igor",
    "Obradović Ljiljana",
    "Pešić Goran",
    "Arsić Maja",
    "Cvetković Dejan",
    "Božić Slavica",
    "Grujić Zoran",
    "Filipović Nevena",
    "Milić Predrag",
    "Tasić Biljana",
    "Perić Slobodan",
    "Antić Olivera",
    "Đukić Branislav",
    "Trifunović Jasmina",
    "Maksimović Rade",
    "Žunić Svetlana",
    "Blagojević Veljko",
    "Urošević Danica",
    "Knežević Lazar",
    "Mandić Andrijana",
    "Vasić Petar",
)
_COUPLE = ("Bogdanović Dragan", "Bogdanović Zorica")
_WITHOUT_EMAIL = ("Janković Radmila", "Babić Živorad")
_TERMINATED = ("Ćirić Marina", "Matić Ratko", "Stević Jovana")
_FUTURE = ("Rakić Mladen", "Sekulić Tamara", "Lalić Ognjen")
_REGISTERED = ("Nikolić Sofija", "Vidić Relja", "Prodanović Emilija")
_PASSWORDS = ("plavi most i tri lipe", "kajsija-u-avgustu", "subotom pecam na Tisi")

_MORE_PLANS = (
    ("Život plus", "Putno Evropa", "Kasko standard"),
    ("Nezgoda 24", "Dom plus", "Kasko standard"),
    ("Putno Evropa", "Dom plus"),
)

_LATIN = str.maketrans({"č": "c", "ć": "c", "š": "s", "ž": "z", "đ": "dj"})
_MEN = frozenset({"Nikola", "Luka", "Relja"})
_COUPLE_NUMBER = 60
_CHILDREN = ("Luka", "Mina", "Jana")
_FIRST_CHILD = 70


def members(today: date) -> list[Member]:
    """About 60 clients; ordinary ones first."""
    people = [_member(number, name, today=today) for number, name in enumerate(_NAMES)]
    number = len(people)
    for label, names in ((TERMINATED, _TERMINATED), (FUTURE, _FUTURE), (REGISTERED, _REGISTERED)):
        for name, password in zip(names, _PASSWORDS, strict=True):
            secret = password if label == REGISTERED else ""
            born = PARENT_BORN if name == _REGISTERED[0] else birth_date(number)
            people.append(_member(number, name, today=today, label=label, password=secret, born=born))
            number += 1
    for name in _WITHOUT_EMAIL:
        people.append(_member(number, name, today=today, label="no e-mail", email=""))
        number += 1
    people += [_spouse(place, name, today=today) for place, name in enumerate(_COUPLE)]
    return people + _family(next(one for one in people if one.label == REGISTERED), today)


def more_policies(member: Member) -> list[Member]:
    """Two or three of life, car, home, travel and accident policies for each registered person."""
    if member.label != REGISTERED:
        return []
    place = _REGISTERED.index(f"{member.cells['surname']} {member.cells['given_name']}")
    return [
        replace(member, cells=member.cells | {"policy_number": f"LO-{9_100 + 10 * place + number}", "plan": plan})
        for number, plan in enumerate(_MORE_PLANS[place])
    ]


def _spouse(place: int, name: str, *, today: date) -> Member:
    """Two people who share a policy and a phone."""
    return _member(
        _COUPLE_NUMBER + place,
        name,
        today=today,
        label="couple, one phone and policy",
        mobile=_mobile(_COUPLE_NUMBER),
        policy_number=_own_policy(_COUPLE_NUMBER),
        relation="spouse" if place else "policyholder",
    )


def _family(parent: Member, today: date) -> list[Member]:
    """Three dependants on a mother's policy."""
    family = []
    for place, (age, born) in enumerate(births(today)):
        given_name, number = _CHILDREN[place], _FIRST_CHILD + place
        cells = {
            "given_name": given_name,
            "national_id": _jmbg(born, number, is_woman=given_name.endswith("a") and given_name not in _MEN),
            "mobile": _mobile(number),
            "email": address(f"{given_name} {parent.cells['surname']}", "posta.example", _LATIN),
        }
        family.append(relative(parent, Relative(age, born, cells)))
    return family


def _member(
    number: int, name: str, *, today: date, label: str = "", password: str = "", born: date | None = None, **other: str
) -> Member:
    surname, given_name = name.split()
    employer = ("drina-drvo", "beli-bagrem")[number % 2] if number < 48 and number % 4 == 3 else None
    born = born or birth_date(number)
    cells = {
        "policy_type": "group" if employer else "individual",
        "policy_number": {"drina-drvo": "LO-G-2201", "beli-bagrem": "LO-G-2202"}.get(
            employer or "", _own_policy(number)
        ),
        "national_id": _jmbg(born, number, is_woman=given_name.endswith("a") and given_name not in _MEN),
        "surname": surname,
        "given_name": given_name,
        "birth_date": born.isoformat(),
        "mobile": _mobile(number),
        "email": address(f"{given_name} {surname}", "posta.example", _LATIN),
        "relation": "employee" if employer else "policyholder",
        "plan": ("Osnovni", "Porodični", "Premium")[number % 3],
        **period(label, today).as_cells(),
    }
    return Member(market="rs", employer=employer, cells=cells | other, label=label, password=password)


def _jmbg(born: date, number: int, *, is_woman: bool) -> str:
    """Day, month, three digits of the year, area 71 (Belgrade), serial from 500 for women, check digit."""
    serial = (500 if is_woman else 0) + number
    body = f"{born:%d%m}{born.year % 1000:03}71{serial:03}"
    return body + str(emso.calc_check_digit(body + "0"))


def _mobile(number: int) -> str:
    return f"+3816001001{number:02}"


def _own_policy(number: int) -> str:
    return f"LO-{4_100 + number}"
