"""Rate limits against guessing and mass sending, and the captcha."""
