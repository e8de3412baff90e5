"""Markets: one typed, frozen profile each. It holds what differs from market to market, and nothing else."""

from mypolis.foundation.markets.profile import PolicyType, Profile
from mypolis.foundation.markets.registry import all_markets, market, market_codes

__all__ = ["PolicyType", "Profile", "all_markets", "market", "market_codes"]
