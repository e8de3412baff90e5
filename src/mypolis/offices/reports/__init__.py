"""Reports for the insurer: how fast claims are decided, what is spent, how people register."""
