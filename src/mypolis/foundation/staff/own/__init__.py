"""What a member of staff sees of their own account: factors, password, sessions."""
