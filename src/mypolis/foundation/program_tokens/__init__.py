"""Tokens with which other programs call the API: what those of partners and of providers share."""
