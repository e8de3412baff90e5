"""The pages on which members see their cover."""
