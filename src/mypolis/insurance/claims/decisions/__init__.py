"""Decisions: claims meet their plan and the ledger, one at a time or many together."""
