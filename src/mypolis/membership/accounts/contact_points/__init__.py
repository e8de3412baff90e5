"""Contact points of an account: added, changed, confirmed, marked when mail comes back."""
