"""How the portal reports its state: logs, metrics, health."""
