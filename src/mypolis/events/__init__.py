"""The audit trail: one declared list of kinds, one grammar, append-only."""

from mypolis.events.actor import SYSTEM, Actor

__all__ = ["SYSTEM", "Actor"]
