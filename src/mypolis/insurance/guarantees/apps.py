from mypolis.foundation.rooms import Room


class GuaranteesRoom(Room):
    """Guarantee letters for planned treatment."""

    name = "mypolis.insurance.guarantees"
    label = "guarantees"
    events = "event_kinds.GuaranteeEvent"
    limits = "limits"
    messages = "message_templates.MESSAGES"
    jobs = "jobs"
    extends = {"claims.guarantees": ("lifecycle.settling.settle",)}
