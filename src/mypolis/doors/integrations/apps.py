from mypolis.foundation.rooms import Api, Command, Room


class IntegrationsRoom(Room):
    """Partners' programs: their tokens, and what they may do with the API."""

    name = "mypolis.doors.integrations"
    label = "integrations"
    events = "event_kinds.PartnerEvent"
    limits = "limits"
    api = (Api(), Api(router="claims_api.router"))
    commands = (Command("partners", "manage the tokens of partners' programs"),)
