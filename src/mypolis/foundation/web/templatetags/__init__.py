"""Template tags and filters in addition to Django's own."""
