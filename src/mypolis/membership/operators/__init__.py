"""Command-line tools for operators who help a member: find people, lift limits, change contacts, end sessions."""
