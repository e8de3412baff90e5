"""Payment runs: files for the bank, signed by two people, and the bank's results."""
