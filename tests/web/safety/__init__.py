"""Tests of cookies, headers, forged forms and sessions."""
