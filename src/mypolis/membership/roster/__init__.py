"""Imports employers' lists of insured people (read, map, check, apply, report) and sends invitations afterwards."""
