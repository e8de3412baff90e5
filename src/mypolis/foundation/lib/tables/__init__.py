"""Tables from outside: text files and spreadsheets, read row by row."""
