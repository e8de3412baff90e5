"""Django's PostgreSQL backend with a circuit breaker for new connections."""
