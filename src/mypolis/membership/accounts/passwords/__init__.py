"""Passwords of members: changing them, and temporary ones that are sent by mail."""
