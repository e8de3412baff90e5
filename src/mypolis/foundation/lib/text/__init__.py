"""Text of people: cleaned, folded, masked, transliterated."""
