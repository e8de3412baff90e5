"""Every template with a text that tells people to call or to contact us also shows the number."""

import re
from collections.abc import Iterator

from tests.house.places import EMAIL_LAYOUT, assert_none, name, pages
from tools.messages import in_package

SAYS_CALL = re.compile(
    r"\b(?:call|phone|contact|ask|tell) (?:us|our)\b|\bour support\b|\bcall (?:now|first)\b|\bsee the list\b", re.I
)
# The templates that show the texts of a module that tell people to call.
SUMMARY, NOTICE = "web/components/error_summary.html", "web/components/notice.html"
CAN_BE_OFF = ("insurance/bank_accounts", "insurance/claims", "insurance/guarantees", "membership/registration")
SHOWN_BY = {
    "membership/accounts/forms.py": (SUMMARY, NOTICE),
    "insurance/coverage/search/verdicts.py": ("coverage/search_result.html",),
    "insurance/coverage/pages/conditions.py": ("coverage/benefit.html",),
    "insurance/coverage/presenters.py": ("coverage/search.html", "coverage/policy.html"),
    "insurance/emergencies/lines.py": ("emergencies/help.html",),
    "foundation/guards/flows.py": (NOTICE,),
    "membership/family/claim_consents/flows.py": ("family/parts/candidate.html",),
    "membership/registration/matching.py": (SUMMARY, NOTICE),
    "membership/signin/locked_accounts.py": (SUMMARY, NOTICE),
    "journeys/step.html": (SUMMARY,),
    "membership/registration/indonesia.py": (SUMMARY, NOTICE),
    **dict.fromkeys((f"{room}/apps.py" for room in CAN_BE_OFF), ("web/closed.html",)),
}
HAS_THE_NUMBER = re.compile(r'\{% include "web/components/call.html"|\{\{ line.tel \}\}')
SENT = "/templates/notices/"  # mails and SMS: the number is in the text or in the mail's footer


def _calling_texts() -> Iterator[tuple[str, str]]:
    """Yield the module or template and the text, for each text that tells people to call."""
    for found in in_package():
        if SAYS_CALL.search(f"{found.msgid} {found.plural or ''}") and SENT not in found.place:
            yield found.place.rpartition("/templates/")[2], found.msgid


def test_a_text_that_says_to_call_is_shown_with_the_number() -> None:
    templates = {path.as_posix().rpartition("/templates/")[2]: path.read_text() for path in pages()}
    assert_none(
        f"{place}: {text!r} is shown by {shown} without the number; of another module say in SHOWN_BY who shows it"
        for place, text in _calling_texts()
        for shown in SHOWN_BY.get(place, (place,))
        if not HAS_THE_NUMBER.search(templates.get(shown, ""))
    )


def test_every_module_that_is_listed_here_says_to_call() -> None:
    assert set(SHOWN_BY) <= {place for place, _text in _calling_texts()}


def test_no_template_makes_a_number_to_dial_by_itself() -> None:
    assert_none(name(path) for path in [*pages(), EMAIL_LAYOUT] if re.search(r"tel:\s*\{\{", path.read_text()))
