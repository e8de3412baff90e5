"""The key ring: creating it, and rotating its keys while the portal runs."""
