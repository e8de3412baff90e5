"""Which person a row of a list is about, and what the row changes on file."""
