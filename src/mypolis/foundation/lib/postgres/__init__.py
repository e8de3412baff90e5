"""The embedded PostgreSQL, and a database backend with a circuit breaker."""
