"""What members answered about clinics' bills. Load `clinic_bill_answer` with the claims, or each needs a query."""

from mypolis.insurance.claims.models import Claim, ClinicBillAnswer


def answer_about(claim: Claim) -> ClinicBillAnswer | None:
    """What the member said about a clinic's bill; None if it is another claim, or they said nothing yet."""
    return getattr(claim, "clinic_bill_answer", None) if claim.origin == "clinic" else None


def is_disputed(claim: Claim) -> bool:
    """Whether a clinic billed treatment of which the member knows nothing."""
    said = answer_about(claim)
    return said is not None and not said.is_mine
