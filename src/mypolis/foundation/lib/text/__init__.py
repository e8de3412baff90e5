"""Tools for people's texts: clean, fold, mask, transliterate."""
