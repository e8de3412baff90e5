"""Files that the portal keeps for people: sealed on their way in, opened on their way out, named by rows elsewhere."""
