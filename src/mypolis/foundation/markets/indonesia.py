"""Indonesia: participants of group, individual and sharia policies; two-minute codes and generated usernames."""

from datetime import timedelta
from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets.bank_profile import BankProfile
from mypolis.foundation.markets.claim_rules import ClaimRules
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.markets.guarantee_rules import AutomaticGuarantee, GuaranteeRules
from mypolis.foundation.markets.profile import PolicyType, Profile, RosterRules, SignIn

PROFILE = Profile(
    code="id",
    name=_("Indonesia"),
    region="ID",
    languages=("id", "en"),
    time_zone="Asia/Jakarta",
    name_script="latin",
    policy_types=(
        PolicyType(
            key="group",
            label=_("Group"),
            about=_("Through your employer. Have your policy number and participant number ready."),
        ),
        PolicyType(
            key="individual",
            label=_("Individual"),
            about=_("A policy you took out yourself. Have your policy number ready."),
        ),
        PolicyType(
            key="sharia",
            label=_("Sharia"),
            about=_("A policy based on sharia principles. Have your policy number ready."),
        ),
    ),
    signin=SignIn(name="username", code_by="email", code_when="new-device"),
    journeys=("mypolis.membership.registration.indonesia", "mypolis.membership.signin.indonesia"),
    exclusive_contacts=frozenset(),
    documents=("licence",),
    card_document="card",
    claim_consent_document="claim-consent",
    emergency_lines=(
        EmergencyLine(kind="ambulance", phone="119", label=_("Ambulance")),
        EmergencyLine(kind="all", phone="112", label=_("All emergencies, where your city answers it")),
        EmergencyLine(kind="police", phone="110", label=_("Police")),
        EmergencyLine(kind="fire", phone="113", label=_("Fire brigade")),
        EmergencyLine(kind="crisis", phone="119 ext. 8", label=_("Mental health line")),
    ),
    claims=ClaimRules(
        # Filing 60 days after treatment: an insurer's own sheet. Decision and payment: usual promises of insurers.
        filing_days=60,
        decision_days=14,
        payment_days=30,
        answer_days=30,
        appeal_days=60,
        account_kinds=("id",),
        # What the bank takes was not verified with any bank.
        bank=BankProfile(),
        authority={"assessor": Decimal(10_000_000), "senior-assessor": Decimal(100_000_000)},
        originals=_("Keep the original receipts for two years: we may ask for them."),
        holidays="ID",
        holiday_categories=("public", "government"),
    ),
    # Small outpatient sums, so that a member need not wait at the counter. The sum is ours, not an insurer's.
    guarantees=GuaranteeRules(
        automatic=AutomaticGuarantee(most=Decimal(1_500_000), benefits=frozenset({"diagnostics", "specialist"}))
    ),
    roster=RosterRules(required_for={"group": frozenset({"participant_number"})}),
    uses_usernames=True,
    code_life=timedelta(minutes=2),
)
