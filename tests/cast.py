"""The invented people of these tests, with everything that a journey asks."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from mypolis.foundation.lib.text.folding import fold_reference
from mypolis.foundation.markets import market as profile_of
from mypolis.membership.people.models import Employer, Membership, Person, Policy

PASSWORD = "seven quiet herons over Sava"
NEW_PASSWORD = "another nine lanterns at dusk"


@dataclass(frozen=True, kw_only=True)
class Somebody:
    """A person on file at the insurer."""

    market: str
    given_name: str
    surname: str = ""
    patronymic: str = ""
    birth_date: str = "1986-03-27"
    mobile: str = ""
    email: str = ""
    national_id: str = ""
    policy_type: str = "group"
    policy_number: str = "P-100"
    participant_number: str = ""
    employer: str = "romashka"
    start: int = -100
    end: int | None = None

    def but(self, **changes: Any) -> "Somebody":
        """Return a copy of the person with some other values."""
        return replace(self, **changes)


JELENA = Somebody(
    market="rs", given_name="Jelena", surname="Petrović", national_id="0601999710135", mobile="+381641234567",
    email="jelena@example.test", policy_type="individual", policy_number="RS-2001", employer="",
)  # fmt: skip
MARKO = JELENA.but(given_name="Marko", national_id="2206978816007", email="marko@example.test")
DRAGAN = JELENA.but(
    given_name="Dragan", national_id="0101006500006", email="", mobile="+381641234999", policy_number="RS-2002"
)
BUDI = Somebody(
    market="id", given_name="Budi", surname="Santoso", birth_date="1990-05-17", email="budi@example.test",
    mobile="+6281234567890", policy_type="group", policy_number="GRP-88", participant_number="000123",
)  # fmt: skip
SITI = BUDI.but(given_name="Siti", surname="", birth_date="1992-02-29", participant_number="000124")
AYU = BUDI.but(
    given_name="Ayu", email="ayu@example.test", policy_type="individual", policy_number="IND-7",
    participant_number="", employer="",
)  # fmt: skip
ANNA = Somebody(
    market="ru", surname="Соколова", given_name="Анна", patronymic="Сергеевна", birth_date="1988-03-14",
    mobile="+79161234567", email="anna@example.test", policy_number="ДМС-204/7",
)  # fmt: skip
ALI = ANNA.but(
    surname="Мамедов", given_name="Али", patronymic="Гасан оглы", birth_date="1979-11-02", mobile="+79031112233",
    email="ali@example.test",
)  # fmt: skip
VERA = ANNA.but(
    surname="Семёнова", given_name="Вера", patronymic="", birth_date="1981-02-28", mobile="+79031112244",
    email="vera@example.test",
)  # fmt: skip
TICKS = {"accept_rules": True, "accept_personal_data": True, "accept_marketing": False}


def on_file(somebody: Somebody) -> Person:
    """Put somebody on file. A person who is on file already gets another membership."""
    employer = None
    if somebody.employer:
        employer, _new = Employer.objects.get_or_create(
            market=somebody.market, key=somebody.employer, defaults={"name": "Romashka"}
        )
    today = profile_of(somebody.market).today()
    start = today + timedelta(days=somebody.start)
    policy, _new = Policy.objects.get_or_create(
        market=somebody.market,
        type=somebody.policy_type,
        number_key=fold_reference(somebody.policy_number),
        defaults={"number": somebody.policy_number, "employer": employer, "start": today - timedelta(days=400)},
    )
    person = Person(
        market=somebody.market,
        surname=somebody.surname,
        given_name=somebody.given_name,
        patronymic=somebody.patronymic,
        birth_date=date.fromisoformat(somebody.birth_date),
        national_id=somebody.national_id or None,
        mobile=somebody.mobile,
        email=somebody.email,
    )
    person.write_keys()
    known = Person.objects.filter(market=person.market, name_key=person.name_key, birth_date=person.birth_date)
    person = known.first() or person
    person.save()
    Membership.objects.create(
        policy=policy,
        person=person,
        participant_number=somebody.participant_number,
        participant_key=fold_reference(somebody.participant_number),
        start=start,
        end=None if somebody.end is None else today + timedelta(days=somebody.end),
    )
    return person
