"""Which insured people the insurer's staff are: administrators enter it, and two of them remove it."""
