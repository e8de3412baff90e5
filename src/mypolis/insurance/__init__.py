"""What members are covered for and what the insurance pays: cover, cards, confirmation letters."""
