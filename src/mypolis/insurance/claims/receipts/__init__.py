"""Reads date and amount from the QR code of a till receipt. Pure functions; no address is ever fetched."""
