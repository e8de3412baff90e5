"""What staff do with a claim in tests, in one line each."""

from decimal import Decimal

from mypolis.insurance.claims.desk import in_hand
from mypolis.insurance.claims.desk.assessment import Assessment, assess
from mypolis.insurance.claims.desk.draft_decision import save_line
from mypolis.insurance.claims.desk.outcomes import deciding
from mypolis.insurance.claims.desk.outcomes.preview import digest_of, preview
from mypolis.insurance.claims.desk.typed_lines import TypedLine
from mypolis.insurance.claims.models import AssessmentDraft, Claim
from tests.claims.desk.staff import Colleague
from tests.claims.world import reread


def takes(staff: Colleague, claim: Claim) -> Claim:
    """Somebody takes a claim in hand."""
    in_hand.take(claim=claim, staff=staff, by=staff.actor)
    return reread(claim)


def draft_of(claim: Claim) -> AssessmentDraft:
    """The draft as the database has it now."""
    return AssessmentDraft.objects.get(claim=claim)


def assessed(claim: Claim) -> Assessment:
    """The claim as it would be decided now."""
    return assess(reread(claim), draft_of(claim))


def types(staff: Colleague, claim: Claim, typed: TypedLine) -> AssessmentDraft:
    """Somebody types about the only line of a claim."""
    line = claim.lines.get().pk
    version = draft_of(claim).version
    return save_line(claim=claim, line=line, typed=typed, version=version, staff=staff, by=staff.actor)


def lowers(staff: Colleague, claim: Claim, granted: str, reason: str = "over_usual_price") -> AssessmentDraft:
    """Somebody grants less than the rules propose."""
    return types(staff, claim, TypedLine(granted=Decimal(granted), reason=reason))


def refuses(staff: Colleague, claim: Claim, code: str = "not_needed", note: str = "") -> AssessmentDraft:
    """Somebody refuses the only line of a claim."""
    return types(staff, claim, TypedLine(refusal=code, note=note))


def shown_preview(claim: Claim) -> str:
    """The digest of what the member will read."""
    return digest_of(preview(assessed(claim)))


def decides(staff: Colleague, claim: Claim) -> deciding.Done:
    """Somebody decides a claim as its draft says, after reading what the member will read."""
    version = draft_of(claim).version
    return deciding.decide(claim=claim, version=version, previewed=shown_preview(claim), staff=staff, by=staff.actor)


def confirms(staff: Colleague, claim: Claim) -> deciding.Done:
    """A second person takes a claim and confirms what the first assessed."""
    takes(staff, claim)
    version = draft_of(claim).version
    return deciding.confirm(claim=claim, version=version, previewed=shown_preview(claim), staff=staff, by=staff.actor)
