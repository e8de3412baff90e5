"""Providers of care: the insurer's directory of clinics, and the tokens of their programs."""
