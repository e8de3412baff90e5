"""What a plan would pay for planned treatment, and what is reserved for it."""
