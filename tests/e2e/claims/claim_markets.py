"""What differs between the markets in a claim's walk: the benefit, its papers, the member's and the insurer's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class ClaimWalk:
    """One claim. `pages` are its papers, and of how many photos each consists: three in all. At least one that the
    benefit asks for is not the first. `asked` is the paper about which the insurer has a question."""

    benefit: str
    pages: Mapping[str, int]
    asked: str
    provider: str
    illness: str
    billed: str
    granted: str
    question: str
    answer: str
    appeal: str

    @property
    def own_share(self) -> Decimal:
        """What the member pays until they appeal."""
        return Decimal(self.billed) - Decimal(self.granted)


WALKS: Mapping[str, ClaimWalk] = {
    "rs": ClaimWalk(
        benefit="pregled",
        pages={"bill": 2, "report": 1},
        asked="report",
        provider="Klinika Lipa",
        illness="Kašalj i temperatura.",
        billed="9000",
        granted="6000",
        question="Molimo Vas, pošaljite i drugu stranu izveštaja.",
        answer="Šaljem i drugu stranu.",
        appeal="Pregled je bio hitan, molim da ponovo pogledate.",
    ),
    "id": ClaimWalk(
        benefit="gp",
        pages={"receipt": 2, "prescription": 1},
        asked="prescription",
        provider="Klinik Melati",
        illness="Batuk dan demam.",
        billed="250000",
        granted="120000",
        question="Mohon kirim halaman kedua resep.",
        answer="Berikut halaman kedua.",
        appeal="Saya datang dalam keadaan darurat, mohon ditinjau kembali.",
    ),
    "ru": ClaimWalk(
        benefit="specialist",
        pages={"other": 2, "referral": 1},
        asked="referral",
        provider="Клиника «Ромашка»",
        illness="Болит колено.",
        billed="5600",
        granted="4200",
        question="Пришлите, пожалуйста, оборот направления.",
        answer="Отправляю оборот направления.",
        appeal="К врачу меня направил терапевт, посмотрите, пожалуйста, ещё раз.",
    ),
}

OTHER_ACCOUNTS: Mapping[str, dict[str, str]] = {
    "rs": {"account_number": "205-9876543210-61"},
    "id": {"account_number": "9876543210"},
    "ru": {"account_number": "Счёт: 40817810298765432109\nБИК: 044525225"},
}
"""Where the members want the money after the bank refused their first account."""
