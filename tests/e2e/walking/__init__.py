"""What all walks in a real browser share: the demo, its inbox, journeys and places, and the checks of every page."""
