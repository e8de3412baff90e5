"""Charts that the server draws: bars, and a line over days. Each shows its numbers as text too."""
