"""Serbia: clients of an individual insurer; JMBG and mobile on file, e-mail and password, a code at every sign-in."""

from decimal import Decimal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.lib.opening_hours import parse_hours
from mypolis.foundation.markets.bank_profile import BASIC, BankProfile
from mypolis.foundation.markets.claim_rules import ClaimRules
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.markets.profile import PolicyType, Profile, RosterRules, SignIn

PROFILE = Profile(
    code="rs",
    name=_("Serbia"),
    region="RS",
    languages=("sr-latn", "sr-cyrl", "en"),
    time_zone="Europe/Belgrade",
    name_script="serbian",
    policy_types=(PolicyType(key="individual", label=_("Individual")), PolicyType(key="group", label=_("Group"))),
    signin=SignIn(name="email", code_by="email", code_when="always"),
    journeys=("mypolis.membership.registration.serbia", "mypolis.membership.signin.serbia"),
    exclusive_contacts=frozenset({"email"}),
    documents=("privacy",),
    card_document="card",
    claim_consent_document="claim-consent",
    emergency_lines=(
        EmergencyLine(kind="ambulance", phone="194", label=_("Ambulance")),
        EmergencyLine(kind="police", phone="192", label=_("Police")),
        EmergencyLine(kind="fire", phone="193", label=_("Fire brigade")),
        EmergencyLine(
            kind="crisis",
            phone="0800 300 303",
            label=_("Centar Srce, somebody to talk to"),
            hours=parse_hours("Mo-Su 14:00-23:00", zone=ZoneInfo("Europe/Belgrade")),
        ),
        EmergencyLine(kind="crisis", phone="011 7777-000", label=_("Laza Lazarević clinic, suicide prevention")),
    ),
    claims=ClaimRules(
        # Decision and payment within 14 days of complete papers: usual promises of insurers. Filing: our own setting.
        filing_days=365,
        decision_days=14,
        decision_in="calendar",
        payment_days=14,
        answer_days=30,
        appeal_days=30,
        account_kinds=("rs", "iban"),
        # What the bank takes was not verified with any bank.
        bank=BankProfile(characters=BASIC | frozenset("čćđšžČĆĐŠŽ"), transliterates="serbian"),
        authority={"assessor": Decimal(60_000), "senior-assessor": Decimal(600_000)},
        originals=_("Keep the original receipts until we have paid: we may ask for them."),
        holidays="RS",
    ),
    roster=RosterRules(
        required=frozenset({"policy_number", "national_id", "surname", "given_name"}), national_id="jmbg"
    ),
    marks_required=True,
)
