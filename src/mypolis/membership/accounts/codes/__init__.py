"""One-time codes and authenticator apps."""
