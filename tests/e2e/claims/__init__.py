"""Claims and guarantees walked to their end in a real browser, with both sides."""
