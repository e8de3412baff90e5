"""Serbia: clients of an individual insurer; JMBG and mobile on file, e-mail and password, a code at every sign-in."""

from django.utils.translation import gettext_lazy as _

from mypolis.markets.profile import PolicyType, Profile, RosterRules, SignIn

PROFILE = Profile(
    code="rs",
    name=_("Serbia"),
    region="RS",
    languages=("sr-latn", "sr-cyrl", "en"),
    time_zone="Europe/Belgrade",
    name_script="serbian",
    policy_types=(PolicyType(key="individual", label=_("Individual")), PolicyType(key="group", label=_("Group"))),
    signin=SignIn(name="email", code_by="email", code_when="always"),
    journeys=("mypolis.registration.serbia", "mypolis.signin.serbia"),
    exclusive_contacts=frozenset({"email"}),
    documents=("privacy",),
    card_document="card",
    roster=RosterRules(
        required=frozenset({"policy_number", "national_id", "surname", "given_name"}), national_id="jmbg"
    ),
    marks_required=True,
)
