"""Tests of what is used of limits."""
