"""The right to guarantees that a provider's token can have."""

from mypolis.foundation.rooms import Right

GUARANTEES = Right("guarantees", "ask for a guarantee for whoever presents a card", frozenset({"provider"}))
