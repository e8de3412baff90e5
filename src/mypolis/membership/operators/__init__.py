"""What operators do for a member from the command line: find them, lift limits, change contacts, end sessions."""
