"""Detects an emergency or a death in somebody's words, and says whom to call, before any answer about insurance."""
