"""The ledger of what members reserved and used, and the arithmetic of limits."""
