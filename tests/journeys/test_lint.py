"""`mypolis check` finds what would go wrong, says where, and what to do."""

from dataclasses import replace

import pytest
from django import forms

from mypolis import checks
from mypolis.foundation.journeys import findings as lint
from mypolis.foundation.journeys.definitions.answers import Answers
from mypolis.foundation.journeys.definitions.registry import find
from mypolis.foundation.journeys.definitions.steps import Definition, StepForm
from mypolis.foundation.markets import market
from mypolis.foundation.markets.profile import FamilyRules
from mypolis.foundation.web.form_fields.fields import TextField
from mypolis.membership.accounts.codes.code_targets import Target
from mypolis.membership.accounts.codes.one_time_codes import code_step
from mypolis.membership.signin.findings import findings


class OddForm(StepForm):
    """A field that nobody outside knows, and one that cannot draw itself."""

    shoe_size = TextField(label="Shoe size")
    email = forms.CharField()


def nowhere(answers: Answers) -> Target:
    """No contact point."""
    return Target(None, "")


def found(definition: Definition) -> str:
    """All findings but those about words."""
    said = lint.lint_definition(definition, market(definition.market))
    return "\n".join(finding for finding in said if "not translated" not in finding)


def register(market_code: str) -> Definition:
    """A real definition to spoil."""
    return find(market_code, "register")


def test_an_unknown_step_is_found() -> None:
    steps = (replace(register("id").steps[0], name="shoes"),)
    assert "unknown step 'shoes'" in found(replace(register("id"), steps=steps))


def test_an_unknown_field_and_one_that_cannot_draw_itself_are_found() -> None:
    steps = (replace(register("id").steps[0], form=OddForm),)
    said = found(replace(register("id"), steps=steps))
    assert "unknown field 'shoe_size'" in said
    assert "'email' cannot draw itself" in said


def test_a_code_with_no_contact_point_before_it_is_found() -> None:
    steps = (code_step(channel="sms", target=nowhere), *register("id").steps)
    assert "sends a code by sms, but no earlier step" in found(replace(register("id"), steps=steps))


def test_an_unreachable_step_is_found() -> None:
    steps = register("rs").steps
    assert "unreachable" in found(replace(register("rs"), steps=(steps[0], steps[0])))


def test_a_check_that_may_fall_without_a_text_for_it_is_found() -> None:
    assert "`no_match` is empty" in found(replace(register("rs"), no_match=""))


def test_a_missing_translation_is_found() -> None:
    spoilt = replace(register("ru"), title="Never said in any language")
    assert any("not translated into ru" in finding for finding in lint.lint_definition(spoilt, market("ru")))


def test_registration_without_proof_needs_a_sign_in_that_always_proves(monkeypatch: pytest.MonkeyPatch) -> None:
    silent = replace(find("rs", "signin"), steps=find("rs", "signin").steps[:1])
    choices = {("rs", kind): (find("rs", kind),) for kind in ("register", "recover")} | {("rs", "signin"): (silent,)}
    monkeypatch.setattr(lint.registry, "definitions", lambda: choices)
    assert any("no step proves possession" in finding for finding in findings([market("rs")]))


def test_a_market_without_a_way_back_in_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lint.registry, "definitions", dict)
    assert any("no journey 'recover'" in finding for finding in lint.lint_market(market("rs")))


@pytest.mark.parametrize(
    ("changes", "finding"),
    [
        ({"password_min_length": 7}, "8 or more"),
        ({"languages": ("tlh",)}, "'tlh' is none of"),
        ({"exclusive_contacts": frozenset()}, "exclusive_contacts"),
        ({"family": FamilyRules(private_from=19)}, "private_from"),
    ],
)
def test_a_profile_that_cannot_work_is_found(changes: dict[str, object], finding: str) -> None:
    assert finding in "\n".join(checks.findings_about([replace(market("rs"), **changes)]))


def test_the_built_in_markets_pass() -> None:
    assert checks.run() == []
