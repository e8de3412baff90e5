"""The card of a cover, and how somebody else finds out that it is good: at a desk by its code, on paper by a letter."""
