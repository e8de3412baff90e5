"""The card of a cover, and letters that confirm it; how others check both, at a counter or by a letter's code."""
