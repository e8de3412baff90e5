"""Tests of reading cells."""
