"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_CLAIM = "claims.claim"
_RUN = "claims.paymentrun"


class ClaimEvent(Kind):
    """Events about claims. Their facts are states, counts and keys, never sums or health words."""

    CLAIM_STARTED = kind("claim.started", by="member staff", about=_CLAIM)
    CLAIM_SAVED = kind("claim.saved", by="member staff system", about=_CLAIM, by_worker=True)
    CLAIM_DISCARDED = kind("claim.discarded", by="member system", or_nothing=True, about=_CLAIM, by_worker=True)
    CLAIM_CHANGED = kind("claim.changed", by="member staff system partner", about=_CLAIM, by_worker=True)
    CLAIM_DAYS_GIVEN_BACK = kind("claim.days_given_back", by="staff", about=_CLAIM)
    CLAIM_ENTERED = kind("claim.entered", by="staff", about=_CLAIM)
    CLAIM_ASKED = kind("claim.asked", by="staff system partner", about=_CLAIM, by_worker=True)
    CLAIM_QUESTION_ANSWERED = kind("claim.question_answered", by="member", about=_CLAIM)
    CLAIM_DECIDED = kind("claim.decided", by="staff system partner", about=_CLAIM, by_worker=True)
    CLAIM_REPORTED = kind("claim.reported", by="staff partner", about=_CLAIM)
    CLAIM_PAYMENT_CHANGED = kind(
        "claim.payment_changed", by="staff system partner member", about=_CLAIM, by_worker=True
    )
    CLAIM_TAKEN = kind("claim.taken", by="staff", about=_CLAIM)
    CLAIM_PUT_BACK = kind("claim.put_back", by="staff", about=_CLAIM)
    CLAIM_HANDED_OVER = kind("claim.handed_over", by="staff", about=_CLAIM)
    CLAIM_ASSESSMENT_SAVED = kind("claim.assessment_saved", by="staff", about=_CLAIM)
    CLAIM_LOOKED_AT = kind("claim.looked_at", by="staff", about=_CLAIM)
    CLAIM_DECISION_ENTERED = kind("claim.decision_entered", by="staff", about=_CLAIM)
    CLAIM_DECISION_TAKEN_BACK = kind("claim.decision_taken_back", by="staff", about=_CLAIM)
    CLAIM_DECISION_STOPPED = kind("claim.decision_stopped", by="system", about=_CLAIM, by_worker=True)
    CLAIM_SENT_BACK = kind("claim.sent_back", by="staff", about=_CLAIM)
    CLAIM_BILLED_BY_CLINIC = kind("claim.billed_by_clinic", by="staff system partner", about=_CLAIM)
    CLAIM_CLINIC_BILL_ANSWERED = kind("claim.clinic_bill_answered", by="member", about=_CLAIM)
    PAYMENT_RUN_MADE = kind("payment_run.made", by="staff", about=_RUN)
    PAYMENT_RUN_SIGNED = kind("payment_run.signed", by="staff", about=_RUN)
    PAYMENT_FILE_FETCHED = kind("payment_run.fetched", by="staff", about=_RUN)
    PAYMENT_RUN_WITHDRAWN = kind("payment_run.withdrawn", by="staff", about=_RUN)
    PAYMENT_RUN_ANSWERED = kind("payment_run.answered", by="staff", about=_RUN)
    PAYEES_FORGOTTEN = kind("payment_run.payees_forgotten", by="system", of_no_market=True, by_worker=True)
