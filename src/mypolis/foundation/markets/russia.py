"""Russia: people insured under corporate health contracts; HR lists, invitation links, SMS codes."""

from decimal import Decimal

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.markets.bank_profile import BASIC, BankProfile
from mypolis.foundation.markets.claim_rules import ClaimRules
from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.markets.profile import PolicyType, Profile, RosterRules, SignIn

_CYRILLIC = "абвгдеёжзийклмнопрстуфхцчшщъыьэюя"

PROFILE = Profile(
    code="ru",
    name=_("Russia"),
    region="RU",
    languages=("ru", "en"),
    time_zone="Europe/Moscow",
    name_script="cyrillic-ru",
    policy_types=(PolicyType(key="group", label=_("Group")),),
    signin=SignIn(name="mobile", code_by="sms", code_when="new-device", apps=True),
    journeys=("mypolis.membership.registration.russia", "mypolis.membership.signin.russia"),
    exclusive_contacts=frozenset({"email", "mobile"}),
    documents=("rules", "personal_data", "marketing"),
    card_document="card",
    claim_consent_document="claim-consent",
    emergency_lines=(
        EmergencyLine(kind="ambulance", phone="103", label=_("Ambulance")),
        EmergencyLine(kind="all", phone="112", label=_("All emergencies, also without a SIM card")),
        EmergencyLine(kind="children", phone="8 800 2000-122", label=_("Helpline for children, teenagers and parents")),
    ),
    claims=ClaimRules(
        # All of these are set by the contract between insurer and employer: our own settings.
        filing_days=365,
        decision_days=15,
        payment_days=15,
        answer_days=30,
        appeal_days=30,
        account_kinds=("ru",),
        # What the bank takes was not verified with any bank.
        bank=BankProfile(characters=BASIC | frozenset(_CYRILLIC + _CYRILLIC.upper() + "№")),
        authority={"assessor": Decimal(50_000), "senior-assessor": Decimal(500_000)},
        originals=_("Keep the original receipts for three years: we may ask for them."),
        holidays="RU",
    ),
    roster=RosterRules(required=frozenset({"policy_number", "surname", "given_name", "birth_date"})),
    sends_invitations=True,
)
