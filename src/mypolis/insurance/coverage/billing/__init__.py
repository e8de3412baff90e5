"""Premiums that policyholders pay themselves."""
