"""Limits on everything that guesses or sends, and the captcha."""
