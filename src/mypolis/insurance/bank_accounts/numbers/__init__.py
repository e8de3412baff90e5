"""Bank account numbers of each country: what members type, checked and in one form. Pure functions."""
