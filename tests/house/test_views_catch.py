"""A page never fails because somebody else was faster: views catch every domain error that their flows may raise."""

from tests.house.places import PACKAGE, assert_none
from tests.house.raised_errors import Module

CANNOT_HAPPEN = {("insurance/ecard/views.py", "activate"): {"TermsNotAccepted"}}  # the form requires the tick


def test_every_view_catches_what_its_flows_raise() -> None:
    problems = []
    for path in sorted(PACKAGE.rglob("*views.py")):
        module, place = Module(path), path.relative_to(PACKAGE).as_posix()
        for view in module.views():
            errors = {error.__name__ for error in module.let_through(view)} - CANNOT_HAPPEN.get((place, view), set())
            problems += [f"{place}: {view} lets {error} through" for error in sorted(errors)]
    assert_none(problems)


def test_the_rule_reads_docstrings_handlers_and_decorators() -> None:
    review = Module(PACKAGE / "insurance/claims/drafts/pages/review_views.py")
    review.functions["bare"] = review.functions.pop("review")
    review.functions["bare"].decorator_list = []
    assert {error.__name__ for error in review.let_through("bare")} == {"NotAllowed", "UnknownClaim"}


def test_what_is_excused_here_is_still_there() -> None:
    for (place, view), excused in CANNOT_HAPPEN.items():
        assert excused <= {error.__name__ for error in Module(PACKAGE / place).let_through(view)}
