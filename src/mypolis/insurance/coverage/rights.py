"""The rights to cover data that a partner's program can have."""

from mypolis.foundation.rooms import Right

PLAN_BOOKS = Right("plan-books", "load plan books", frozenset({"partner"}))
COVER_ENTRIES = Right("cover-entries", "send entries of what is reserved and used", frozenset({"partner"}))
