"""People insured by their employers with «Северный полис»; full names in passport order, surname first."""

from dataclasses import replace
from datetime import date

from mypolis.demo.cast.family import PARENT_BORN, Relative, births, relative
from mypolis.demo.cast.member import FUTURE, REGISTERED, TERMINATED, Member, address, birth_date, period

EMPLOYERS = {
    "zavod-burevestnik": "ООО «Завод „Буревестник“»",
    "lesnaya-apteka": "АО «Лесная аптека»",
    "baltika-soft": "ООО «Балтика-Софт»",
}
_POLICIES = {
    "zavod-burevestnik": "4817-2026-01",
    "lesnaya-apteka": "4817-2026-02",
    "baltika-soft": "4817-2026-03",
}

_NAMES = (
    "Смирнова Ольга Викторовна",
    "Кузнецов Андрей Николаевич",
    "Попова Марина Игоревна",
    "Васильев Денис Олегович",
    "Соколова Наталья Андреевна",
    "Михайлов Сергей Павлович",
    "Новикова Татьяна Юрьевна",
    "Морозов Илья Дмитриевич",
    "Волкова Екатерина Романовна",
    "Зайцев Максим Евгеньевич",
    "Павлова Ирина Сергеевна",
    "Семенов Константин Львович",
    "Голубева Дарья Алексеевна",
    "Виноградов Роман Ильич",
    "Богданова Светлана Петровна",
    "Воробьев Никита Антонович",
    "Орлова Вера Михайловна",
    "Киселев Павел Борисович",
    "Макарова Юлия Валерьевна",
    "Андреев Глеб Станиславович",
    "Ковалева Людмила Степановна",
    "Ильин Тимур Ринатович",
    "Гусева Полина Артуровна",
    "Титов Вячеслав Геннадьевич",
    "Кудрявцева Анна Леонидовна",
    "Баранов Егор Кириллович",
    "Куликова Лариса Федоровна",
    "Степанов Матвей Григорьевич",
    "Яковлева Надежда Ивановна",
    "Сорокин Владислав Эдуардович",
    "Сергеева Валентина Тимофеевна",
    "Романов Арсений Денисович",
    "Захарова Галина Семеновна",
    "Борисов Юрий Аркадьевич",
    "Королева Жанна Витальевна",
    "Герасимов Лев Маркович",
    "Пономарева Софья Глебовна",
    "Григорьев Олег Вадимович",
    "Миронова Кира Анатольевна",
    "Ершов Руслан Маратович",
)
_INVITED = (
    "Лазарева Алла Константиновна",
    "Медведев Игорь Святославович",
    "Никитина Елизавета Павловна",
    "Соболев Антон Русланович",
)
_ONE_EMAIL = ("Рябов Виктор Егорович", "Рябова Инна Олеговна")
_FOUR_WORDS = ("Алиев Рашид Гасан оглы", "Мамедова Лейла Эльдар кызы")
_WITH_YO = ("Фёдорова Алёна Артёмовна", "Королёв Пётр Семёнович")
_NO_PATRONYMIC = ("Ли Виктория", "Шмидт Эдуард", "Саркисян Нарине")
_TERMINATED = ("Давыдов Степан Захарович", "Жукова Раиса Макаровна", "Фролов Кирилл Янович")
_FUTURE = ("Белова Маргарита Ильинична", "Комаров Федор Антонович", "Осипова Диана Робертовна")
_REGISTERED = ("Тихонова Елена Борисовна", "Щербаков Артур Назарович", "Крылова Зоя Филипповна")
_CHILDREN = ("Тихонов Михаил Олегович", "Тихонова Варвара Олеговна", "Тихонов Юрий Олегович")
_PASSWORDS = ("синий чайник на даче", "шесть-берёз-у-реки", "в марте ещё снег")

_FRESH = frozenset({"invited by a link", "two people, one e-mail"})

_SOUNDS = "a b v g d e e zh z i i k l m n o p r s t u f kh ts ch sh sch y e yu ya".split()  # noqa: SIM905
_LATIN = str.maketrans(
    dict(
        zip(
            "абвгдеёжзийклмнопрстуфхцчшщыэюя",
            _SOUNDS,
            strict=True,
        )
    )
    | {"ъ": "", "ь": ""}
)


def members(today: date) -> list[Member]:
    """About 60 insured people; ordinary ones first. Only the list with `invited` rows sends invitations."""
    groups = (
        ("", _NAMES),
        ("invited by a link", _INVITED),
        ("two people, one e-mail", _ONE_EMAIL),
        ("a name of four words", _FOUR_WORDS),
        ("ё in the name", _WITH_YO),
        ("no patronymic", _NO_PATRONYMIC),
        (TERMINATED, _TERMINATED),
        (FUTURE, _FUTURE),
        (REGISTERED, _REGISTERED),
    )
    people: list[Member] = []
    for label, names in groups:
        for place, name in enumerate(names):
            secret = _PASSWORDS[place] if label == REGISTERED else ""
            people.append(_member(len(people), name, today=today, label=label, password=secret))
    place = next(at for at, one in enumerate(people) if one.label == REGISTERED)
    people[place] = replace(people[place], cells=people[place].cells | {"birth_date": PARENT_BORN.isoformat()})
    return people + _family(people[place], len(people), today)


def _family(parent: Member, number: int, today: date) -> list[Member]:
    """Three dependants on a mother's group policy, under her employee number."""
    family = []
    for place, (age, born) in enumerate(births(today)):
        surname, given_name, patronymic = _CHILDREN[place].split()
        cells = {
            "surname": surname,
            "given_name": given_name,
            "patronymic": patronymic,
            "mobile": f"+790000010{number + place:02}",
            "email": address(f"{given_name} {surname}", "pochta.example", _LATIN),
        }
        family.append(relative(parent, Relative(age, born, cells)))
    return family


def _member(number: int, name: str, *, today: date, label: str, password: str) -> Member:
    surname, given_name, *rest = name.split()
    employer = "baltika-soft" if label in _FRESH else tuple(EMPLOYERS)[number % 3]
    email = address(f"{given_name} {surname}", "pochta.example", _LATIN)
    cells = {
        "policy_number": _POLICIES[employer],
        "surname": surname,
        "given_name": given_name,
        "patronymic": " ".join(rest),
        "birth_date": birth_date(number).isoformat(),
        "mobile": f"+790000010{number:02}",
        "email": "semya.ryabovykh@pochta.example" if name in _ONE_EMAIL else email,
        "relation": "employee",
        "plan": ("Базовая", "Стандарт", "Расширенная")[number % 3],
        "employee_number": f"{1_000 + number}",
        **period(label, today).as_cells(),
    }
    return Member(market="ru", employer=employer, cells=cells, label=label, password=password, invited=label in _FRESH)
