"""Reports as tables: each module makes one report of a month from the sums of its days."""
