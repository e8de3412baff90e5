"""The audit trail: append-only, with declared kinds of events that follow one naming scheme."""

from mypolis.foundation.events.actor import SYSTEM, Actor

__all__ = ["SYSTEM", "Actor"]
