"""Treatment that a clinic billed directly: a claim in the member's list, with the question whether it was theirs."""
