"""Means by which people prove who they are: passwords, passkeys, authenticator apps, recovery codes."""
