"""How a cell of a file from outside becomes a value, the same for every kind of file.

Each reader gives a value or raises `CellError` with a code; what can be read in two ways is refused, never guessed.
"""
