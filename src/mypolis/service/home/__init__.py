"""The first pages: which market, what the portal is for, and, once signed in, what one is covered for."""
