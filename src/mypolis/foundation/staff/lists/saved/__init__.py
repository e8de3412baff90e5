"""Filters of a list that a colleague saved under a name."""
