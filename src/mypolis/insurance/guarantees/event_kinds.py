"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind

_GUARANTEE = "guarantees.guarantee"
_LETTER = "guarantees.guaranteeletter"


class GuaranteeEvent(Kind):
    """Events about guarantees. Their facts are states and keys, never sums or health words."""

    GUARANTEE_ASKED = kind("guarantee.asked", by="member provider staff", about=_GUARANTEE)
    GUARANTEE_CHANGED = kind(
        "guarantee.changed", by="member provider staff partner system", about=_GUARANTEE, by_worker=True
    )
    GUARANTEE_TAKEN = kind("guarantee.taken", by="staff", about=_GUARANTEE)
    GUARANTEE_PUT_BACK = kind("guarantee.put_back", by="staff", about=_GUARANTEE)
    GUARANTEE_PROPOSED = kind("guarantee.proposed", by="staff", about=_GUARANTEE)
    GUARANTEE_SENT_BACK = kind("guarantee.sent_back", by="staff", about=_GUARANTEE)
    GUARANTEE_LETTER_ISSUED = kind("guarantee.letter_issued", by="member provider staff", about=_LETTER)
    GUARANTEE_LETTER_CHECKED = kind("guarantee.letter_checked", by="stranger member", about=_LETTER)
    GUARANTEES_FORGOTTEN = kind("guarantee.forgotten", by="system", of_no_market=True, by_worker=True)
    GUARANTEE_BILLED = kind("guarantee.billed", by="staff partner", about=_GUARANTEE)
