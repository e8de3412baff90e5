"""Pages on which members follow their claims: the list, a claim, its explanation, questions, and what they can do."""
