"""People at the desk: how staff find a person, see what the person has, and help."""
