"""Encryption at rest: the key ring, sealed fields, sealed files, one-time tokens."""
