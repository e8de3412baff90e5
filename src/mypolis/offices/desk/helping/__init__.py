"""What staff can do for a person: the same flows as the commands of operators."""
