"""Treatment that a clinic billed directly: listed with the member's claims, who say whether it was them."""
