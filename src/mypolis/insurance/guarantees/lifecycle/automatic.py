"""Gives simple guarantees without a person, where the market's profile has a rule for it. It never refuses one."""

from mypolis.foundation.events import Actor
from mypolis.foundation.markets.guarantee_rules import AutomaticGuarantee
from mypolis.insurance.guarantees.lifecycle.deciding import NothingToPromise, give
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.promises.promise import in_network


def give_if_simple(guarantee: Guarantee, *, by: Actor) -> Guarantee:
    """The guarantee that was just asked for: given, if the market's rule allows it; else it waits for a person."""
    rule = guarantee.profile.guarantees.automatic
    if rule is None or not qualifies(guarantee, rule):
        return guarantee
    try:
        return give(guarantee=guarantee, by=by, who="system")
    except NothingToPromise:
        return guarantee


def qualifies(guarantee: Guarantee, rule: AutomaticGuarantee) -> bool:
    """Whether it is small, of the right benefits, and at a provider of the plan's network."""
    is_small = guarantee.benefit in rule.benefits and guarantee.expected <= rule.most
    return is_small and in_network(guarantee) is True
