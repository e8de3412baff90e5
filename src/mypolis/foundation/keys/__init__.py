"""The key ring: made, and exchanged while the portal serves."""
