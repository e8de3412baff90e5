"""Every way back in: sign-in and recovery."""
