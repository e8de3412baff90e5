"""The ledger of reserved and used benefits, and the arithmetic of limits."""
