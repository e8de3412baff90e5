"""Partners: other programs that call the portal's API with their own tokens."""
