"""Indonesia: participants of group, individual and sharia policies; two-minute codes and generated usernames."""

from datetime import timedelta

from django.utils.translation import gettext_lazy as _

from mypolis.markets.profile import PolicyType, Profile, RosterRules, SignIn

PROFILE = Profile(
    code="id",
    name=_("Indonesia"),
    region="ID",
    languages=("id", "en"),
    time_zone="Asia/Jakarta",
    name_script="latin",
    policy_types=(
        PolicyType(key="group", label=_("Group")),
        PolicyType(key="individual", label=_("Individual")),
        PolicyType(key="sharia", label=_("Sharia")),
    ),
    signin=SignIn(name="username", code_by="email", code_when="new-device"),
    journeys=("mypolis.registration.indonesia", "mypolis.signin.indonesia"),
    exclusive_contacts=frozenset(),
    documents=("licence",),
    roster=RosterRules(required_for={"group": frozenset({"participant_number"})}),
    uses_usernames=True,
    code_life=timedelta(minutes=2),
)
