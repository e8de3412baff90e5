"""Legal documents, and the ledger of who agreed to which text."""
