"""A deployer's room about umbrellas. It uses everything that a room can declare."""
