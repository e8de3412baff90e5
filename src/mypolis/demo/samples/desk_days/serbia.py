"""The day in Serbia."""

from typing import Final

from mypolis.demo.samples.desk_days.case import Case, Day, Fate

_LIPA = "Dom zdravlja Lipa"
_BREZA = "Klinika Breza"
DAY: Final = Day(
    currency="RSD",
    question="Na fotografiji se ne vidi datum računa. Molimo pošaljite novu fotografiju.",
    answer="Datum je u donjem uglu: račun je od istog dana kada je bio pregled.",
    appeal="Lekar je preporučio pregled zbog visokog pritiska. Molim da pogledate ponovo.",
    new_account=("", "205-9876543210-61"),
    people=(
        (
            Case(days_ago=9, benefit="pregled", provider=_LIPA, words="Bol u grlu.", bills=[("R-101", "4200")]),
            Case(days_ago=9, benefit="pregled", provider=_LIPA, words="Bol u grlu.", bills=[("R-101", "4200")]),
            Case(
                days_ago=8,
                benefit="specijalista",
                provider=_BREZA,
                words="Bol u kolenu posle trčanja.",
                bills=[("B-2207", "9800")],
            ),
            Case(
                days_ago=7,
                benefit="specijalista",
                provider="Praxis Wien",
                words="Osip na putu.",
                bills=[("2026-118", "140")],
                currency="EUR",
            ),
            Case(
                days_ago=6,
                benefit="dijagnostika",
                provider=_BREZA,
                words="Magnet kolena.",
                bills=[("B-2231", "21500")],
                edited=True,
            ),
            Case(
                days_ago=6,
                benefit="bolnica",
                provider=_BREZA,
                words="Operacija meniskusa, dva dana.",
                bills=[("B-2240", "90000"), ("B-2241", "41000")],
                more_days=1,
            ),
            Case(
                days_ago=12,
                benefit="pregled",
                provider=_LIPA,
                words="Kontrola pritiska.",
                bills=[("R-088", "3900")],
                fate=Fate.APPEALED,
            ),
            Case(
                days_ago=10,
                benefit="specijalista",
                provider=_BREZA,
                words="Kontrola kolena.",
                bills=[("B-2190", "7600")],
                fate=Fate.ANSWERED,
            ),
            Case(
                days_ago=5,
                benefit="dijagnostika",
                provider=_BREZA,
                words="Laboratorija pre operacije.",
                bills=[("B-2251", "6400")],
                fate=Fate.STOPPED,
            ),
        ),
        (
            Case(days_ago=11, benefit="pregled", provider=_LIPA, words="Kašalj.", bills=[("R-095", "4100")]),
            Case(
                days_ago=10,
                benefit="lekovi",
                provider="Apoteka Zova",
                words="Terapija za kašalj.",
                bills=[("A-71", "2350"), ("A-72", "980")],
            ),
            Case(
                days_ago=5,
                benefit="zubar",
                provider="Ordinacija Kruna",
                words="Plomba.",
                bills=[("K-15", "7200"), ("K-16", "3100"), ("K-17", "2500")],
            ),
            Case(
                days_ago=4,
                benefit="naocare",
                provider="Optika Zenit",
                words="Nove naočare.",
                bills=[("Z-440", "25000")],
                new_account=True,
            ),
            Case(days_ago=3, benefit="pregled", provider=_LIPA, words="Bol u leđima.", bills=[("R-131", "4300")]),
            Case(
                days_ago=3,
                benefit="specijalista",
                provider=_BREZA,
                words="Bol u leđima, uput ortopedu.",
                bills=[("B-2302", "9800")],
                fate=Fate.ASKED,
            ),
            Case(
                days_ago=2,
                benefit="sistematski",
                provider=_BREZA,
                words="Godišnji pregled.",
                bills=[("B-2310", "18000")],
            ),
            Case(days_ago=1, benefit="pregled", provider=_LIPA, words="Temperatura.", bills=[("R-140", "4200")]),
            Case(
                days_ago=30, benefit="specijalista", provider=_BREZA, words="Bol u ramenu.", bills=[("B-2015", "9200")]
            ),
            Case(
                days_ago=14,
                benefit="pregled",
                provider=_LIPA,
                words="Alergija.",
                bills=[("R-070", "3800")],
                fate=Fate.DECIDED,
            ),
            Case(
                days_ago=8,
                benefit="bolnica",
                provider=_BREZA,
                words="Operacija kile, dva dana.",
                bills=[("B-2215", "118000")],
                fate=Fate.SECOND_REVIEW,
                more_days=2,
            ),
        ),
    ),
)
