"""Sums past days into small rows, so that no report reads the claims of a market."""
