from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import JourneyKind, Pages, Room, Vocabulary


class RegistrationRoom(Room):
    """Registration journeys, one module per market."""

    name = "mypolis.membership.registration"
    label = "registration"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=55),)
    vocabulary = Vocabulary(
        journeys=(
            JourneyKind(
                "register",
                needed=True,
                has_ways=True,
                drawing="web/drawings/join.svg",
                help_title=_("Need help signing up?"),
                links="registration/links.html",
            ),
        ),
        steps=("identity", "policy-type", "licence", "username"),
        fields=(
            *("policy_type", "policy_number", "participant_number", "national_id", "birth_date"),
            *("surname", "given_name", "patronymic", "mobile", "email"),
        ),
        entries={"invitation": "The token of a personal link."},
    )
