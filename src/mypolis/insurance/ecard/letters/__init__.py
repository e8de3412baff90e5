"""Letters that confirm a cover."""
