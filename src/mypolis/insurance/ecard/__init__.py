"""Insurance cards and confirmation letters, and how others verify them: at a counter or by a letter's code."""
