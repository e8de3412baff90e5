"""Consents of adults without an account: a relative may make claims for them. Asked and answered by a link."""
