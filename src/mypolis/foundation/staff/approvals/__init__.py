"""Four eyes: what one person proposes, another approves before it takes effect."""
