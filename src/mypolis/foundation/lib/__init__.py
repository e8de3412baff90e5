"""Tools without models or domain words: encryption, text, tables, phones, dates, working days, money, PDFs."""
