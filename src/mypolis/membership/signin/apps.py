from mypolis.foundation.rooms import Check, JourneyKind, Room, Vocabulary

_FOR_MEMBERS = ("change-mobile", "change-email", "link-authenticator", "unlink-authenticator")


class SigninRoom(Room):
    """Journeys of existing members: sign-in, recovery, changes of contact points, authenticator apps."""

    name = "mypolis.membership.signin"
    label = "signin"
    events = "event_kinds.SigninEvent"
    limits = "limits"
    checks = (Check("findings.findings", needs_sound_profiles=True),)
    vocabulary = Vocabulary(
        journeys=(
            JourneyKind(
                "signin",
                needed=True,
                signs_in=True,
                leads_to={"password": "password"},
                links="signin/links.html",
                while_locked="signin/while_locked.html",
            ),
            JourneyKind(
                "recover",
                needed=True,
                links="signin/links_back.html",
                while_locked="signin/while_locked.html",
                without_code="signin/without_code.html",
            ),
            JourneyKind("recover-username", has_ways=True, links="signin/links_back.html"),
            *(JourneyKind(name, links="signin/links_for_members.html") for name in _FOR_MEMBERS),
        ),
        steps=("identity", "credentials", "authenticator"),
        fields=("username",),
    )
