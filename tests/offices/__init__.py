"""Tests of the desk's pages that work across rooms."""
