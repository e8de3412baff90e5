"""What the insurer knows: employers, policies, persons, memberships."""
