"""What an insurer's core system reads about claims, and what it sends: decisions, questions, payments."""
