"""Converts the cells of files from outside to values, in the same way for every kind of file.

Each reader returns a value or raises `CellError` with a code. It refuses ambiguous cells and never guesses.
"""
