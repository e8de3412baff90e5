"""What members are covered for: plan books, benefits and limits, what is used and what is left."""
