"""Journeys of existing members: sign-in, recovery, changes of contact points, authenticator apps."""
