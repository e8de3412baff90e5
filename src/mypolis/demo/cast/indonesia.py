"""Participants of Nusa Sehat, with group policies through employers, individual ones and sharia ones."""

from dataclasses import replace
from datetime import date

from mypolis.demo.cast.family import PARENT_BORN, Relative, births, relative
from mypolis.demo.cast.member import FUTURE, REGISTERED, TERMINATED, Member, address, birth_date, period

EMPLOYERS = {"kopi-lereng": "PT Kopi Lereng Hijau", "samudra-data": "PT Samudra Data Nusantara"}

# (given name, surname); many Indonesians have only one name.
_GROUP = (
    ("Siti", "Rahmawati"),
    ("Budi", "Santoso"),
    ("Suharti", ""),
    ("Agus", "Wibowo"),
    ("Dewi", "Lestari"),
    ("Wagimin", ""),
    ("Ratna", "Kusumawati"),
    ("Hendra", "Gunawan"),
    ("I Made", "Suardana"),
    ("Nur", "Hidayah"),
    ("Rizky", "Pratama"),
    ("Ngatinah", ""),
    ("Yohanes", "Situmorang"),
    ("Maria", "Tampubolon"),
    ("Fajar", "Nugroho"),
    ("Lina", "Marlina"),
    ("Ketut", "Ariani"),
    ("Bambang", "Setiawan"),
    ("Putri", "Ayuningtyas"),
    ("Paimin", ""),
    ("Desi", "Anggraini"),
    ("Eko", "Prasetyo"),
    ("Andi", "Baharuddin"),
    ("Yuliana", "Simanjuntak"),
    ("Galih", "Permana"),
    ("Wulan", "Sari"),
    ("Tuti", "Herawati"),
    ("Rahmat", "Hidayat"),
    ("Sri", "Mulyati"),
    ("Dedi", "Kurniawan"),
    ("Melati", "Puspita"),
    ("Arif", "Budiman"),
)
_INDIVIDUAL = (
    ("Nia", "Kartika"),
    ("Surya", "Atmaja"),
    ("Tukinem", ""),
    ("Gita", "Maharani"),
    ("Yusuf", "Maulana"),
    ("Rina", "Oktaviani"),
    ("Teguh", "Wijaya"),
    ("Fitri", "Handayani"),
    ("Doni", "Siregar"),
)
_SHARIA = (
    ("Aisyah", "Nuraini"),
    ("Muhammad", "Fauzan"),
    ("Zainab", "Salsabila"),
    ("Ahmad", "Syarifuddin"),
    ("Khadijah", ""),
    ("Umar", "Hasibuan"),
    ("Halimah", "Tusadiyah"),
    ("Ilham", "Ramadhan"),
    ("Salma", "Azzahra"),
)
_TERMINATED = (("Joko", "Susilo"), ("Intan", "Permatasari"), ("Hasan", "Basri"))
_FUTURE = (("Reza", "Firmansyah"), ("Kartini", ""), ("Nurul", "Aini"))
_REGISTERED = (("Bayu", "Saputra"), ("Citra", "Damayanti"), ("Abdul", "Karim"))
_CHILDREN = (("Dimas", "Saputra"), ("Laras", "Saputra"), ("Bima", "Saputra"))
_PASSWORDS = ("hujan di kebun teh", "sepeda-merah-pagi", "tiga layar ke timur")
_TYPES = ("group", "individual", "sharia")


def members(today: date) -> list[Member]:
    """About 60 participants, each with their own email address; ordinary ones first."""
    ordinary = [
        (*name, policy_type)
        for policy_type, names in zip(_TYPES, (_GROUP, _INDIVIDUAL, _SHARIA), strict=True)
        for name in names
    ]
    people = [_member(number, who, today=today) for number, who in enumerate(ordinary)]
    for label, names in ((TERMINATED, _TERMINATED), (FUTURE, _FUTURE), (REGISTERED, _REGISTERED)):
        for name, policy_type, password in zip(names, _TYPES, _PASSWORDS, strict=True):
            secret = password if label == REGISTERED else ""
            people.append(_member(len(people), (*name, policy_type), today=today, label=label, password=secret))
    place = next(at for at, one in enumerate(people) if one.label == REGISTERED)
    people[place] = replace(people[place], cells=people[place].cells | {"birth_date": PARENT_BORN.isoformat()})
    return people + _family(people[place], len(people), today)


def _family(parent: Member, number: int, today: date) -> list[Member]:
    """Three dependants on a father's group policy, under his employee number; the youngest shares his email address."""
    family = []
    for place, (age, born) in enumerate(births(today)):
        given_name, surname = _CHILDREN[place]
        cells = {
            "given_name": given_name,
            "surname": surname,
            "participant_number": f"{70_401 + number + place:08}",
            "mobile": f"+6281200001{number + place:03}",
            "email": address(f"{given_name} {surname}", "surel.example") if place else parent.cells["email"],
        }
        family.append(relative(parent, Relative(age, born, cells)))
    return family


def _member(number: int, who: tuple[str, str, str], *, today: date, label: str = "", password: str = "") -> Member:
    given_name, surname, policy_type = who
    is_group = policy_type == "group"
    employer = ("kopi-lereng", "samudra-data")[number % 2] if is_group else None
    cells = {
        "policy_type": policy_type,
        "policy_number": {"kopi-lereng": "NS-G-3107", "samudra-data": "NS-G-3112"}.get(
            employer or "", f"NS-{policy_type[0].upper()}-{5_200 + number}"
        ),
        "participant_number": f"{70_401 + number:08}" if is_group else "",
        "surname": surname,
        "given_name": given_name,
        "birth_date": birth_date(number).isoformat(),
        "mobile": f"+6281200001{number:03}",
        "email": address(f"{given_name} {surname}", "surel.example"),
        "relation": "employee" if is_group else "policyholder",
        "plan": ("Silver", "Gold", "Platinum")[number % 3],
        "employee_number": f"K{2_000 + number}" if is_group else "",
        **period(label, today).as_cells(),
    }
    return Member(market="id", employer=employer, cells=cells, label=label, password=password)
