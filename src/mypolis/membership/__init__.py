"""Who people are and how they sign in: people on file, accounts, consents, families, registration, sign-in."""
