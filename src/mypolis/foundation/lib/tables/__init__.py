"""Reads tables from outside, text files and spreadsheets, row by row."""
