"""Formats of payment files, one module for each. A market's bank profile names the function that writes its files."""
