"""The pages about one person: what they have, their account, what happened, and what staff can do."""
