"""Lists in: read, map, check, apply, report; and the invitations that follow."""
