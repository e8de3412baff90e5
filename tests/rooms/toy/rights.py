from mypolis.foundation.rooms import Right

COUNT = Right("umbrellas", "count umbrellas", frozenset({"partner", "staff"}), frozenset({"agent"}))
