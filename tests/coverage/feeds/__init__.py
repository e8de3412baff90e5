"""Tests of feeds from other systems."""
