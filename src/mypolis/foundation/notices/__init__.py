"""Outgoing messages: written in the caller's transaction, delivered once by a worker, their contents deleted after."""
