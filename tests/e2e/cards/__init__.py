"""Cards and letters in a real browser."""
