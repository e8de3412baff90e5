"""Tests of loading plan books."""
