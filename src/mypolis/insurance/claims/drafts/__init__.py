"""Drafts: what a claim asks, what is missing, and saving from several devices."""
