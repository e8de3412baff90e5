"""Tests of what staff switch while the portal runs."""
