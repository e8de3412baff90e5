"""How an assessor ends work on a claim: previewed, decided at once or after a wait, or closed as a duplicate."""
