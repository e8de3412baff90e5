"""What a member will read about a decision, before it is made: the same sentences that the decision will store."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from django.utils import timezone, translation

from mypolis.foundation.lib.money import Money, format_money
from mypolis.insurance.claims.adjudication.reasons import sentence
from mypolis.insurance.claims.desk.assessment import AssessedLine, Assessment
from mypolis.insurance.claims.lifecycle.deciding import says_the_same
from mypolis.insurance.claims.lifecycle.sentences import sentence_for
from mypolis.insurance.claims.lifecycle.states import State
from mypolis.insurance.claims.models import Claim, Decision


@dataclass(frozen=True)
class PreviewedLine:
    """A line as the member will read it; sums are texts."""

    billed: str
    granted: str
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """A decision as the member will read it, in one language."""

    headline: str
    granted: str
    own_share: str
    lines: tuple[PreviewedLine, ...]


def preview(assessment: Assessment) -> dict[str, Preview]:
    """The decision as the member will read it, by language of the market."""
    appealed, found = _appealed(assessment.claim), {}
    is_kept = appealed is not None and says_the_same(appealed, assessment.verdict(timezone.now()))
    for language in assessment.claim.profile.languages:
        with translation.override(language):
            found[language] = _in_this_language(assessment, is_kept=is_kept)
    return found


def _appealed(claim: Claim) -> Decision | None:
    """The last decision, if the member appealed against it."""
    last = claim.decisions.select_related("appeal").order_by("-number").first()
    return last if last is not None and last.its_appeal is not None else None


def digest_of(previews: Mapping[str, Preview]) -> str:
    """A digest of previews, for a hidden field of the page: deciding checks that this is what the assessor saw."""
    text = json.dumps({language: asdict(one) for language, one in previews.items()}, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _in_this_language(assessment: Assessment, *, is_kept: bool) -> Preview:
    currency = assessment.currency
    return Preview(
        headline=sentence_for(assessment.claim, State(assessment.result), "decision_kept" if is_kept else "", {}),
        granted=format_money(Money(assessment.granted, currency)),
        own_share=format_money(Money(assessment.own_share, currency)),
        lines=tuple(_line(line, currency) for line in assessment.lines),
    )


def _line(line: AssessedLine, currency: str) -> PreviewedLine:
    return PreviewedLine(
        billed=format_money(Money(line.billed, currency)),
        granted=format_money(Money(line.granted, currency)),
        reasons=tuple(sentence(cut["code"], cut["facts"]) for cut in line.cuts),
    )
