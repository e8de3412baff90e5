"""Devices of a member: signing in and out, and who is signed in during a request."""
