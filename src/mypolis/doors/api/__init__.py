"""The JSON API: combines the operations of all rooms."""
