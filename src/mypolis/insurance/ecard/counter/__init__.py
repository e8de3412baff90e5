"""Verification at a counter: the codes of cards, their checks, and the history of checks."""
