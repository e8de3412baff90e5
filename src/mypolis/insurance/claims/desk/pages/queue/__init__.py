"""The list of the claims that wait, its filters, and what is done with several claims of it at once."""
