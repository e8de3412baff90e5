"""A deployer's room with a shelf for each member: the smallest target of uploads."""
