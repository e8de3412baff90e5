"""Tests of cleaning, folding, masking and typesetting text."""
