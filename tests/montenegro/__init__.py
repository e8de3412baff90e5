"""A fourth market: it needs only this profile and one file of journeys."""

from mypolis.foundation.markets.emergency import EmergencyLine
from mypolis.foundation.markets.profile import PolicyType, Profile, SignIn

PROFILE = Profile(
    code="me",
    name="Montenegro",
    region="ME",
    languages=("sr-latn", "en"),
    time_zone="Europe/Podgorica",
    name_script="serbian",
    policy_types=(PolicyType(key="individual", label="Individual"),),
    signin=SignIn(name="email", code_by="email", code_when="always"),
    journeys=("tests.montenegro.journeys",),
    exclusive_contacts=frozenset({"email"}),
    documents=("privacy",),
    emergency_lines=(EmergencyLine(kind="ambulance", phone="124", label="Ambulance"),),
)
