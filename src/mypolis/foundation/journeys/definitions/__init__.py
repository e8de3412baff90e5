"""What a journey is: its steps, answers and outcome, and the registry of all journeys."""
