"""The JSON API: assembles what the rooms offer."""
