"""Tests of the embedded PostgreSQL and of prepared statements."""
