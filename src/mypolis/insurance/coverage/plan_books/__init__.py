"""Plan books: read, checked, loaded; plans and the words they use."""
