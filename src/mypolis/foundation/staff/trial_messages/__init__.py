"""A test message that staff send to themselves, to see whether messages arrive."""
