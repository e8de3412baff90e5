"""Steps that take place at another site: leaving for it, and coming back."""
