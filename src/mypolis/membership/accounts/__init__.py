"""Accounts of members: contact points, passwords, one-time codes, devices."""
