from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms import DeskCard, JourneyKind, Pages, Room, Switch, Vocabulary
from mypolis.foundation.web.rights import PORTAL_STATE


class RegistrationRoom(Room):
    """Registration journeys, one module per market."""

    name = "mypolis.membership.registration"
    label = "registration"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    pages = (Pages(place=55),)
    switch = Switch(_("Registration"), _("Registration is paused for now. Please try again later, or call us."))
    desk_cards = (DeskCard(70, "registration/desk/card.html", "desk_card.registrations_at_desk", PORTAL_STATE),)
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
