""" "Am I covered for …?": which benefit is meant, and what may be said about it."""
