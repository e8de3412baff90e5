"""House rules for the documentation, and for what it names."""
