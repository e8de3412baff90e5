"""Partners: other programs that speak to the portal's API, with tokens of their own."""
