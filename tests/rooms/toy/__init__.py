"""A room of a deployer: a member's umbrella. It uses everything that a room can declare."""
