"""The first pages: choice of market, landing page, and the home page of a signed-in member."""
