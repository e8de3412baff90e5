"""What is shown and checked at a counter: the codes of cards, their checks, and who checked when."""
