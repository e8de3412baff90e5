"""Sign-in at the desk: e-mail and password, then always a second factor."""
