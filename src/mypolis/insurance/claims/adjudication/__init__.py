"""Adjudication: what of a claim is paid, and why the rest is not. Pure rules, without a database."""
