"""What a journey is: its steps, what was answered, how it ends; and which journeys there are."""
