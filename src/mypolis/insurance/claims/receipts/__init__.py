"""What the QR code of a receipt says: a date and an amount to suggest. Pure functions; no address is ever fetched."""
