"""A member's pages about their cover."""
