"""Tests of commands, settings, checks and the processes."""
