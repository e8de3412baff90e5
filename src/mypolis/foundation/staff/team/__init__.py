"""What administrators do: invite colleagues, give and take roles, close accounts."""
