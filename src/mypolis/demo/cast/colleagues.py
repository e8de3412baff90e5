"""The invented staff of the built-in insurers: who works at the desk of each market, in which roles."""

from typing import NamedTuple

from mypolis.foundation.rooms import Role

SIGN_IN_WORDS = "seven lanterns by the quiet river"
"""The password of all of them: the page with their codes shows it too."""
_ROLES: tuple[Role, ...] = (
    "agent",
    "operator",
    "operator",
    "assessor",
    "senior-assessor",
    "senior-assessor",
    "editor",
    "auditor",
    "administrator",
    "administrator",
)
_DOMAINS = {"rs": "lipa.example", "id": "nusasehat.example", "ru": "severpolis.example"}
# (name, first part of the address), in the order of the roles above.
_NAMES = {
    "rs": (
        ("Milena Jović", "milena"),
        ("Nenad Kostić", "nenad"),
        ("Tijana Bogić", "tijana"),
        ("Vesna Ilić", "vesna"),
        ("Ognjen Babić", "ognjen"),
        ("Radmila Savić", "radmila"),
        ("Iva Lukić", "iva"),
        ("Boris Tomić", "boris"),
        ("Ana Kralj", "ana"),
        ("Zoran Pejić", "zoran"),
    ),
    "id": (
        ("Dian Puspita", "dian"),
        ("Agung Nugraha", "agung"),
        ("Laras Widodo", "laras"),
        ("Ratih Anggraeni", "ratih"),
        ("Hadi Susanto", "hadi"),
        ("Wulandari", "wulandari"),
        ("Bagas Pradana", "bagas"),
        ("Sinta Maharani", "sinta"),
        ("Endah Kusuma", "endah"),
        ("Rudi Hartono", "rudi"),
    ),
    "ru": (
        ("Дарья Крылова", "darya"),
        ("Артём Лаптев", "artyom"),
        ("Юлия Баранова", "yulia"),
        ("Вера Соловьёва", "vera"),
        ("Геннадий Панов", "gennady"),
        ("Ирина Щукина", "irina"),
        ("Олег Рыжов", "oleg"),
        ("Нина Зотова", "nina"),
        ("Ольга Власова", "olga"),
        ("Пётр Ефимов", "pyotr"),
    ),
}


class CastColleague(NamedTuple):
    """Somebody who works at the desk of one market, in one role."""

    name: str
    email: str
    role: Role


def colleagues(market: str) -> list[CastColleague]:
    """The staff of a market; empty for a market that the demo does not know."""
    names = _NAMES.get(market, ())
    return [
        CastColleague(name, f"{address}@{_DOMAINS[market]}", role)
        for (name, address), role in zip(names, _ROLES, strict=bool(names))
    ]
