"""Answers to "Am I covered?" in every demo plan: a clear yes or no only when the meaning of the question is certain."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from mypolis.demo.samples.cover import BOOKS
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.lib.text.phrase_patterns import said
from mypolis.foundation.lib.text.stemming import LANGUAGES
from mypolis.foundation.markets import market
from mypolis.insurance.coverage.cover import PolicyCover, cover_of
from mypolis.insurance.coverage.models import Plan, PlanName
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.coverage.search.everyday.ailments import ailments_of, benefits_of_ailments, suggested_types
from mypolis.insurance.coverage.search.search import Reply, reply_to
from mypolis.insurance.coverage.search.search_index import examples_for
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Membership
from tests.cast import ANNA, BUDI, JELENA, on_file

EVERYDAY = Path(__file__).parent / "asked" / "everyday.txt"
CAST = {"rs": JELENA, "id": BUDI, "ru": ANNA}
MARKETS = {"sr": "rs", "id": "id", "ru": "ru", "en": "rs"}
NOT_SOLD = ("mental_health", "vaccination", "rehabilitation")
RICH = {"rs": "premium", "id": "platinum", "ru": "extended"}


@pytest.fixture(scope="module", autouse=True)
def books(module_rows: None) -> None:
    """The demo's plan books of all markets."""
    for code in CAST:
        load_book(market=code, book=BOOKS / f"{code}.yaml", by=SYSTEM)


class Asker:
    """A member of a market with one plan or several, who asks."""

    def __init__(self, code: str, *plans: str) -> None:
        names = [PlanName.objects.filter(market=code, plan__key=plan).select_related("plan")[0] for plan in plans]
        for number, name in enumerate(names):
            on_file(CAST[code].but(policy_number=f"P-{number}", policy_type=name.policy_type))
        for row, name in zip(Membership.objects.filter(policy__number__startswith="P-"), names, strict=True):
            row.plan = name.name_key
            row.save()
        self.account = Account(market=code, person=Membership.objects.first().person)  # type: ignore[union-attr]

    @property
    def covers(self) -> list[PolicyCover]:
        return cover_of(self.account)

    def ask(self, words: str, language: str = "") -> Reply:
        with translation.override(language or self.account.profile.default_language):
            return reply_to(self.account, words, self.covers)

    def types(self, words: str, language: str = "", *, green: bool = False) -> list[str]:
        """The benefit types in the answer, or only those with a clear yes."""
        return [
            str(one.benefit.benefit.type)
            for one in self.ask(words, language).found
            if not green or (one.answer.certain and one.answer.verdict == "covered")
        ]

    def says_no(self, words: str) -> bool:
        return any(one.answer.verdict in ("not_in_plan", "excluded") for one in self.ask(words).found)


def everyday() -> Iterator[tuple[str, str, list[str]]]:
    for line in EVERYDAY.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            language, words, types = (part.strip() for part in line.split("|"))
            yield language, words, types.split()


@pytest.mark.parametrize("language", ["sr", "id", "ru", "en"])
def test_everyday_words_lead_to_what_helps(language: str, db: None) -> None:
    asker = Asker(MARKETS[language], RICH[MARKETS[language]])
    spoken = "en" if language == "en" else ""
    asked = [(words, types) for of, words, types in everyday() if of == language]
    found = [(words, types, asker.types(words, spoken)[:1]) for words, types in asked]
    # Things that no plan has may find nothing.
    wrong = [(words, first) for words, types, first in found if not set(first or ["none", *NOT_SOLD]) & set(types)]
    assert len(wrong) <= 1, "\n".join(map(str, wrong))


@pytest.mark.parametrize(
    ("code", "plan", "words"),
    [
        ("rs", "osnovni", "slomio sam nogu"),
        ("rs", "osnovni", "pala sam sa bicikla"),
        ("ru", "base", "сломал руку"),
        ("id", "silver", "tangan patah"),
        ("rs", "osnovni", "imam rak"),
        ("rs", "osnovni", "operacija kuka"),
    ],
)
def test_what_is_covered_by_another_name_is_no_no(code: str, plan: str, words: str, db: None) -> None:
    asker = Asker(code, plan)
    assert asker.types(words)
    assert not asker.says_no(words)


@pytest.mark.parametrize(
    "words",
    ["hitna pomoć", "bol u grudima", "pomoć", "guma u grlu", "udar", "kuća zdravlja", "boli me grlo", "putni nalog"],
)
def test_words_about_health_never_mean_a_car_a_journey_or_a_home(words: str, db: None) -> None:
    asker = Asker("rs", *_keys("rs"))
    assert not {"motor", "roadside", "household", "travel", "liability", "life"} & set(asker.types(words))


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("pukla guma", "roadside"),
        ("ukraden auto", "motor"),
        ("ukrali su mi auto", "motor"),
        ("poplava", "household"),
        ("izgubljen prtljag", "travel"),
    ],
)
def test_words_about_a_car_a_journey_or_a_home_do(words: str, kind: str, db: None) -> None:
    assert Asker("rs", *_keys("rs")).types(words, green=True)[0] == kind


@pytest.mark.parametrize(
    ("code", "words"), [("id", "sesak nafas berat"), ("id", "serangan jantung"), ("ru", "задыхаюсь")]
)
def test_an_emergency_has_no_green(code: str, words: str, db: None) -> None:
    asker = Asker(code, RICH[code])
    assert asker.ask(words).help is not None
    assert asker.types(words, green=True) == []
    assert "maternity" not in asker.types(words)


def test_a_caesarean_is_no_operation_that_the_plan_pays(db: None) -> None:
    found = Asker("id", "silver").ask("operasi caesar").found
    assert (found[0].benefit.benefit.type, found[0].answer.verdict) == ("maternity", "not_in_plan")
    assert not any(one.answer.certain and one.answer.verdict == "covered" for one in found)


@pytest.mark.parametrize(
    ("code", "plan", "words"),
    [
        ("rs", "osnovni", "fizikalna terapija posle operacije"),
        ("rs", "osnovni", "vakcina protiv gripa"),
        ("rs", "osnovni", "rehabilitacija posle operacije"),
        ("ru", "base", "массаж после операции"),
        ("ru", "base", "отбеливание зубов"),
        ("ru", "extended", "отбеливание зубов"),
        ("ru", "extended", "справка для бассейна"),
        ("id", "silver", "fisioterapi setelah operasi"),
    ],
)
def test_what_is_asked_for_by_name_is_not_promised_by_a_word_beside_it(
    code: str, plan: str, words: str, db: None
) -> None:
    assert Asker(code, plan).types(words, green=True) == []


def test_a_weak_match_is_no_promise_and_no_refusal(db: None) -> None:
    asker = Asker("rs", "osnovni")
    reply = asker.ask("slomio sam nogu", "en")
    assert reply.is_unsure
    assert {one.answer.kind for one in reply.found} == {"info"}
    assert reply.found[0].answer.title == "Covered, if this is what you mean"
    assert not asker.ask("pregled specijaliste").is_unsure


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_the_example_of_the_hint_finds_something_in_every_plan(code: str, db: None) -> None:
    missed = []
    for key in _keys(code):
        Membership.objects.all().delete()
        asker = Asker(code, key)
        for language in market(code).languages:
            examples = examples_for(asker.covers, language)
            assert 1 <= len(examples) <= 3
            answers = [(word, asker.ask(word, language)) for word in examples]
            missed += [
                (key, language, word)
                for word, reply in answers
                if not reply.found or reply.found[0].cover is None or reply.is_unsure
            ]
    assert missed == []


def test_without_a_plan_there_is_no_example(db: None) -> None:
    assert examples_for([], "en") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_ailment_has_words_in_every_language_and_leads_somewhere(language: str) -> None:
    spoken, ailments = ailments_of(language)
    assert set(ailments) == set(benefits_of_ailments())
    for wordings in ailments.values():
        for one in wordings:
            places = [place for place in one.places if place.prefix != "-"]
            no = sorted(spoken.negations)[0]
            words = [f"{no} {place.forms[0].word}" if place.prefix == "!" else place.forms[0].word for place in places]
            assert said(" ".join(words), spoken).has(one), one.text


def test_words_that_mean_nothing_lead_nowhere() -> None:
    assert suggested_types("xqzw 12345 💩", ("sr-latn", "en")) == []


def _keys(code: str) -> list[str]:
    return list(Plan.objects.filter(market=code).order_by("pk").values_list("key", flat=True))
