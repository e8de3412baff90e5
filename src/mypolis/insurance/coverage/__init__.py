"""What members are covered for: plan books in, benefits and limits, what is used and what is left."""
