"""SMS gateways: one class each.

`configured_gateways.py` makes them from the settings, `routing.py` says which takes a message.
"""
