"""Finding a person by what a caller says: a name, a contact, a number."""
