"""The day in Russia."""

from typing import Final

from mypolis.demo.samples.desk_days.case import Case, Day, Fate

_SIREN = "Клиника «Сирень»"
_PRIMORSKY = "Медцентр «Приморье»"
DAY: Final = Day(
    currency="RUB",
    question="На фото чека не видна дата. Пришлите, пожалуйста, более чёткое фото.",
    answer="Чек немного смазан. Дата на нём — день моего приёма.",
    appeal="Врач назначил повторный приём, потому что давление остаётся высоким. Прошу рассмотреть ещё раз.",
    new_account=("044525225", "40817810112345009876"),
    people=(
        (
            Case(
                days_ago=9,
                benefit="clinic-visit",
                provider=_SIREN,
                words="Боль в горле и температура.",
                bills=[("С-1012", "2400")],
            ),
            Case(
                days_ago=9,
                benefit="clinic-visit",
                provider=_SIREN,
                words="Боль в горле и температура.",
                bills=[("С-1012", "2400")],
            ),
            Case(
                days_ago=8,
                benefit="specialist",
                provider=_PRIMORSKY,
                words="Боль в колене после пробежки.",
                bills=[("П-2207", "3900")],
            ),
            Case(
                days_ago=7,
                benefit="specialist",
                provider="Praxis am Ring, Wien",
                words="Сыпь в поездке.",
                bills=[("2026-118", "140")],
                currency="EUR",
            ),
            Case(
                days_ago=6,
                benefit="diagnostics",
                provider=_PRIMORSKY,
                words="МРТ коленного сустава.",
                bills=[("П-2231", "8700")],
                edited=True,
            ),
            Case(
                days_ago=6,
                benefit="diagnostics",
                provider=_SIREN,
                words="Общий и биохимический анализ крови.",
                bills=[("С-1040", "2150"), ("С-1041", "1280")],
            ),
            Case(
                days_ago=12,
                benefit="clinic-visit",
                provider=_SIREN,
                words="Контроль давления.",
                bills=[("С-0988", "2200")],
                fate=Fate.APPEALED,
            ),
            Case(
                days_ago=10,
                benefit="specialist",
                provider=_PRIMORSKY,
                words="Контрольный приём ортопеда.",
                bills=[("П-2190", "3400")],
                fate=Fate.ANSWERED,
            ),
            Case(
                days_ago=5,
                benefit="diagnostics",
                provider=_PRIMORSKY,
                words="УЗИ коленного сустава.",
                bills=[("П-2251", "2900")],
                fate=Fate.STOPPED,
            ),
            Case(
                days_ago=32,
                benefit="specialist",
                provider=_PRIMORSKY,
                words="Боль в плече.",
                bills=[("П-2015", "3600")],
            ),
        ),
        (
            Case(
                days_ago=11,
                benefit="clinic-visit",
                provider=_SIREN,
                words="Кашель и насморк.",
                bills=[("С-0995", "2300")],
            ),
            Case(
                days_ago=10,
                benefit="dental",
                provider="Стоматология «Жемчуг»",
                words="Пломба, кариес.",
                bills=[("Ж-715", "4200"), ("Ж-716", "1900"), ("Ж-717", "850")],
            ),
            Case(
                days_ago=9,
                benefit="home-visit",
                provider=_SIREN,
                words="Высокая температура, врач на дом.",
                bills=[("С-1019", "4500")],
            ),
            Case(
                days_ago=8,
                benefit="hospital-urgent",
                provider=_PRIMORSKY,
                words="Аппендицит, операция, трое суток в стационаре.",
                bills=[("П-2215", "118000")],
                fate=Fate.SECOND_REVIEW,
                more_days=3,
            ),
            Case(
                days_ago=7,
                benefit="diagnostics",
                provider=_PRIMORSKY,
                words="УЗИ брюшной полости.",
                bills=[("П-2219", "2700")],
            ),
            Case(
                days_ago=6,
                benefit="rehabilitation",
                provider="Центр «Движение»",
                words="Массаж спины, пять сеансов.",
                bills=[("Д-440", "9500")],
                more_days=4,
                new_account=True,
            ),
            Case(
                days_ago=5,
                benefit="specialist",
                provider=_PRIMORSKY,
                words="Консультация невролога.",
                bills=[("П-2260", "4100")],
                fate=Fate.ASKED,
            ),
            Case(
                days_ago=4,
                benefit="vaccination",
                provider=_SIREN,
                words="Прививка от гриппа.",
                bills=[("С-1077", "1600")],
                fate=Fate.WITH_COLLEAGUE,
            ),
            Case(
                days_ago=14,
                benefit="clinic-visit",
                provider=_SIREN,
                words="Аллергия.",
                bills=[("С-0940", "2300")],
                fate=Fate.DECIDED,
            ),
            Case(
                days_ago=9, benefit="clinic-visit", provider=_SIREN, words="Боль в горле.", bills=[("С-1012", "2400")]
            ),
            Case(
                days_ago=1,
                benefit="telemedicine",
                provider=_PRIMORSKY,
                words="Консультация терапевта по видеосвязи.",
                bills=[("П-2310", "1200")],
            ),
        ),
    ),
)
