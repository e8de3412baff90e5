"""How members are helped and informed."""
