"""Passwords: the rules, the strength meter, known leaked passwords."""
