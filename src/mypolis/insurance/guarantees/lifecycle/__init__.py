"""The life of a guarantee: its states, and the flows that change them."""
