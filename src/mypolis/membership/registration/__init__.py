"""Registration journeys: one module per market, each journey short enough to read on one screen."""
