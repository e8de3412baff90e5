"""SMS gateways: one class each.

`configured_gateways.py` creates them from the settings; `routing.py` chooses the gateway for a message.
"""
