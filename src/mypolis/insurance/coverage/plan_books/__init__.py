"""Plan books: reading, checking and loading them; plans and their vocabulary."""
