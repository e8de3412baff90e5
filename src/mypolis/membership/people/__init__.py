"""What the insurer has on file: employers, policies, persons, memberships."""
