"""Usernames that the system generates."""
