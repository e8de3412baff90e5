"""A day at the claims desk of each market: what was sent, and how far each claim has come."""
