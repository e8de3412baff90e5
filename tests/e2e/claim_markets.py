"""What differs between the markets in a claim's walk: the benefit, its papers, the member's and the insurer's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, kw_only=True)
class ClaimWalk:
    """One claim. `who` is a place among the registered sample people; `pages` are the papers that the claim needs, and
    of how many photos each consists: three in all."""

    who: int
    benefit: str
    pages: Mapping[str, int]
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
        who=2,
        benefit="pregled",
        pages={"bill": 2, "report": 1},
        provider="Klinika Lipa",
        illness="Kašalj i temperatura.",
        billed="9000",
        granted="6000",
        question="Molimo Vas, pošaljite i drugu stranu izveštaja.",
        answer="Šaljem i drugu stranu.",
        appeal="Pregled je bio hitan, molim da ponovo pogledate.",
    ),
    "id": ClaimWalk(
        who=2,
        benefit="gp",
        pages={"receipt": 2, "prescription": 1},
        provider="Klinik Melati",
        illness="Batuk dan demam.",
        billed="250000",
        granted="200000",
        question="Mohon kirim halaman kedua resep.",
        answer="Berikut halaman kedua.",
        appeal="Saya datang dalam keadaan darurat, mohon ditinjau kembali.",
    ),
    "ru": ClaimWalk(
        who=0,
        benefit="medicines",
        pages={"receipt": 2, "prescription": 1},
        provider="Аптека «Ромашка»",
        illness="Ангина.",
        billed="5600",
        granted="4200",
        question="Пришлите, пожалуйста, оборот рецепта.",
        answer="Отправляю оборот рецепта.",
        appeal="Все лекарства назначил врач, посмотрите, пожалуйста, ещё раз.",
    ),
}
