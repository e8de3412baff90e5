"""The pages of claims that were sent: list, timeline, explanation of benefits, answers, appeal."""
