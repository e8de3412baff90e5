"""Who somebody is and how they come in: people on file, accounts, consents, families, sign-in."""
