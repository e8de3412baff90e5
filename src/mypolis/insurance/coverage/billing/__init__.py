"""Premiums that people pay themselves."""
