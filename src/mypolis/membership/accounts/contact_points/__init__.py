"""Contact points of an account: adding, changing and confirming them, and marking addresses that bounce."""
