"""Tests of keys, encryption and tokens."""
