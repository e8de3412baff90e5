from mypolis.foundation.rooms import Check, Pages, Room, Vocabulary


class ConsentsRoom(Room):
    """Legal texts, and who consented to which version."""

    name = "mypolis.membership.consents"
    label = "consents"
    events = "event_kinds.ConsentEvent"
    pages = (Pages(place=40),)
    vocabulary = Vocabulary(
        fields=("accept_privacy", "accept_licence", "accept_rules", "accept_personal_data", "accept_marketing"),
    )
    checks = (Check("findings.findings"),)
    extends = {"desk.person_sections": ("desk_section.CONSENTS",)}
