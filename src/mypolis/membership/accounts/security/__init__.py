"""What a member does for the safety of the account while signed in: another password, devices signed out."""
