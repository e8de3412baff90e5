"""Steps that are met at another site: leaving for it, and coming back."""
