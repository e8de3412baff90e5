"""Tests of the rooms in `offices/`."""
