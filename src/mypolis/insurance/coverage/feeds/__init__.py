"""The core system's feed of ledger entries."""
