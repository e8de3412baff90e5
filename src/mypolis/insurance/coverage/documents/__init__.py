"""Documents of policies."""
