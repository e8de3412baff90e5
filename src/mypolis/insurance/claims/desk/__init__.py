"""The insurer's staff at work on claims: drafts of decisions, second reviews, questions, the queue."""
