"""House rules for words and translations."""
