"""Account security for a signed-in member: change the password, sign out devices."""
