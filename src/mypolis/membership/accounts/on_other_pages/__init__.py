"""What other rooms' pages show of an account."""
