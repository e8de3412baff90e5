"""The program that cleans one file. `cleaner.py` runs it without our environment; it needs no settings and no database.

It reads the file from standard input. It writes frames to standard output: the decoded streams, then the result.
The cleaned file and the previews go to two open files, whose descriptors are its arguments; the third is its parent.
"""
