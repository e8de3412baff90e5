"""Django's PostgreSQL backend, with a breaker before its connections."""
