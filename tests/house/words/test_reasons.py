"""Every reason that rules or people give for a cut, a refusal or a question has a sentence for the member."""

import ast
import itertools
from collections.abc import Iterator
from typing import get_args

import pytest
from django.utils import translation

from mypolis.insurance.claims.adjudication.fact_words import placeholders
from mypolis.insurance.claims.adjudication.limit_reasons import code_of
from mypolis.insurance.claims.adjudication.reasons import DEDUCTIONS, REASONS, REFUSALS, sentence
from mypolis.insurance.coverage.plan_books.plan import Limit
from mypolis.insurance.coverage.plan_books.vocabulary import Basis, Measure
from tests.house.places import PACKAGE

ROOM = PACKAGE / "insurance" / "claims"
MAKERS = {"Refusal", "Share", "Cut", "Deduction", "_asked"}
LANGUAGES = ("en", "sr-latn", "sr-cyrl", "id", "ru")
SAMPLE: dict[str, object] = {
    **dict.fromkeys(("day", "start", "end", "paid_from", "last_day"), "2026-10-08"),
    **dict.fromkeys(("amount", "cap", "borne", "usual_price"), "12500.00"),
    **{"days": 60, "age": 61, "percent": "20", "currency": "IDR", "n": 3, "ordered": 2, "page": 2},
    **dict.fromkeys(("payer", "item", "provider", "claim", "note", "document", "why", "name", "diagnosis"), "Xyz"),
    **{"benefit": {"en": "Xyz"}, "exclusions": {"en": "Xyz"}},
    **{"size": "7", "left": "2", "per": "year", "measure": "count", "unit": "visit"},
}


def codes_in_code() -> set[str]:
    """The codes that modules of claims give, as they are written."""
    return {
        argument.value
        for path in ROOM.rglob("*.py")
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in MAKERS
        for argument in call.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    }


def codes_of_limits() -> Iterator[str]:
    for per, measure, family in itertools.product(
        get_args(Basis.__value__), get_args(Measure.__value__), (False, True)
    ):
        values = {"key": "l", "benefits": ("b",), "per": per, "measure": measure, "size": 1, "family": family}
        yield code_of(Limit.model_validate(values))


def test_every_code_that_is_given_has_a_sentence() -> None:
    written = codes_in_code()
    assert {"too_late", "excess", "no_amount", "rate_missing"} <= written
    given = {*written, *codes_of_limits(), *DEDUCTIONS, *REFUSALS}
    assert given - set(REASONS) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", REASONS)
def test_a_reason_is_told_with_and_without_its_facts(code: str, language: str) -> None:
    with translation.override(language):
        variants = REASONS[code].variants
        told = [sentence(code, {}), *(sentence(code, SAMPLE | {"variant": variant}) for variant in variants)]
    for one in told:
        assert "%(" not in one
        assert one.strip().endswith((".", "?", "Xyz")), one
    if language != "en":
        with translation.override("en"):
            assert sentence(code, {}) not in told


def test_no_reason_needs_a_fact_that_the_sample_lacks() -> None:
    needed = {
        name
        for reason in REASONS.values()
        for sentences in reason.variants.values()
        for one in sentences
        for name in placeholders(str(one))
    }
    assert needed - {"limit"} <= set(SAMPLE)


def test_an_unknown_code_is_an_error() -> None:
    with pytest.raises(KeyError):
        sentence("because", {})
