"""SMS gateways: one class each. `chosen.py` makes them from the settings, `routing.py` says which takes a message."""
