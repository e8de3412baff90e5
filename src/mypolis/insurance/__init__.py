"""What members are covered for, and what it pays: cover, cards, confirmations."""
