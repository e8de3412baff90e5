"""What staff switch while the portal runs: rooms of a market that are off for now, and notices above its pages."""
