"""The insurer's staff at work on guarantees: the list, one in hand, deciding alone or with a second person."""
