"""The audit trail: one declared list of kinds, one grammar, append-only."""

from mypolis.foundation.events.actor import SYSTEM, Actor

__all__ = ["SYSTEM", "Actor"]
