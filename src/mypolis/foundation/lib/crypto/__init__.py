"""Encryption at rest: the key ring, encrypted fields, encrypted files, one-time tokens."""
