"""Relations in a family: what they are called, what each lets somebody see, and what changes with age."""
