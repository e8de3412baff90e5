"""The embedded PostgreSQL, and a database backend that waits for a database that is away."""
