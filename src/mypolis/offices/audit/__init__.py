"""The audit: auditors search the trail of events, verify its chain and export it."""
