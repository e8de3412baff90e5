"""The people in the lists of these tests, as the cells of a row."""

from collections.abc import Callable

from mypolis.foundation.events import Actor
from mypolis.membership.roster.report import Report

HR = Actor("staff", "7")

type Row = dict[str, str]
type Load = Callable[..., Report]

ANNA = {
    "policy_number": "ДМС-204/7",
    "surname": "Соколова",
    "given_name": "Анна",
    "patronymic": "Сергеевна",
    "birth_date": "14.03.1988",
    "mobile": "+7 916 123-45-67",
    "email": "anna@example.test",
}
PYOTR = {
    "policy_number": "ДМС-204/7",
    "surname": "Семёнов",
    "given_name": "Пётр",
    "patronymic": "Ильич",
    "birth_date": "1979-11-02",
    "mobile": "8 (903) 555-01-02",
    "email": "pyotr@example.test",
}
VERA = {
    "policy_number": "ДМС-204/7",
    "surname": "Семёнова",
    "given_name": "Вера",
    "patronymic": "",
    "birth_date": "1981-02-28",
    "mobile": "79035550103",
    "email": "vera@example.test",
}
JELENA = {
    "policy_number": "RS-1001",
    "national_id": "2206978816007",
    "surname": "Đorđević",
    "given_name": "Jelena",
    "mobile": "064 123 4567",
    "email": "jelena@example.test",
}
BUDI = {
    "policy_type": "group",
    "policy_number": "GRP-88",
    "participant_number": "000123",
    "given_name": "Budi",
    "surname": "Santoso",
    "birth_date": "1990-05-17",
    "email": "budi@example.test",
}


def person(base: Row, **changes: str) -> Row:
    """Return a copy of a row with some other cells."""
    return base | changes
