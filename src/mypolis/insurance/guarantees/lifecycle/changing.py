"""Changes the state of a guarantee: checks the rules, writes the row, tells the member. Nothing else does."""

from django.utils import translation

from mypolis.foundation.events import Actor
from mypolis.foundation.events.flows import record
from mypolis.foundation.markets.addresses import address_of_page
from mypolis.insurance.guarantees.access import guarantees_of
from mypolis.insurance.guarantees.event_kinds import GuaranteeEvent
from mypolis.insurance.guarantees.lifecycle.states import STATE_LABELS, State, Who, check_change
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeChange, GuaranteeInHand, GuaranteeProposal
from mypolis.membership.accounts.messages import notify
from mypolis.membership.accounts.models import Account

_TOLD = frozenset({State.GIVEN, State.REFUSED, State.EXTENDED, State.FINAL, State.REVOKED})


def locked(guarantee: Guarantee) -> Guarantee:
    """The guarantee as the database has it now, locked until the transaction ends."""
    rows = Guarantee.objects.select_related("membership__policy", "membership__person", "provider")
    return rows.select_for_update(of=("self",)).get(pk=guarantee.pk)


def who_is(by: Actor) -> Who:
    """The actor in the words of the table of states. Raises ValueError for an actor that decides no guarantees."""
    if by.kind == "staff":
        return "staff"
    if by.kind == "system":
        return "system"
    raise ValueError(f"{by.kind} decides no guarantees")


def begin(guarantee: Guarantee, *, by: Actor) -> None:
    """Write the first row of the history of a guarantee that was just asked for."""
    GuaranteeChange.objects.create(guarantee=guarantee, after=State.ASKED, by_kind=by.kind, by_id=by.id)
    record(GuaranteeEvent.GUARANTEE_ASKED, market=guarantee.market, by=by, subject=guarantee)


def move(
    guarantee: Guarantee, to: State, *, by: Actor, who: Who | None = None, code: str = "", reason: str = ""
) -> None:
    """Change the state of a locked guarantee, save it, and tell the member, inside the caller's transaction.

    What lay on somebody's desk about it is over. Pass `who` only where the portal itself acts within somebody's
    request. Raises NotAllowed.
    """
    before = guarantee.in_state
    check_change(before, to, who or who_is(by))
    guarantee.state = to
    guarantee.save()
    GuaranteeChange.objects.create(
        guarantee=guarantee,
        before=before,
        after=to,
        by_kind="system" if who == "system" else by.kind,
        by_id="" if who == "system" else by.id,
        code=code,
        reason=reason,
    )
    GuaranteeInHand.objects.filter(guarantee=guarantee).delete()
    GuaranteeProposal.objects.filter(guarantee=guarantee).delete()
    record(
        GuaranteeEvent.GUARANTEE_CHANGED,
        market=guarantee.market,
        by=by,
        subject=guarantee,
        before=before,
        after=str(to),
    )
    if to in _TOLD:
        tell(guarantee, "guarantee-news", by=by)


def tell(guarantee: Guarantee, template: str, *, by: Actor) -> None:
    """Send a message to whoever asked, if they may still see it, and to the insured person. It names no illness."""
    url = address_of_page(guarantee.market, "guarantees", f"{guarantee.pk}/")
    for account in _readers(guarantee):
        with translation.override(account.language):
            context: dict[str, str | int] = {"number": guarantee.number, "url": url}
            if template == "guarantee-news":
                context["headline"] = str(STATE_LABELS[guarantee.in_state])
            notify(account, template, context, by=by, about=str(guarantee.pk))


def language_of_member(guarantee: Guarantee) -> str:
    """The language in which whoever asked, or else the insured person, reads the portal."""
    readers = _readers(guarantee)
    return readers[0].language if readers else guarantee.profile.default_language


def _readers(guarantee: Guarantee) -> list[Account]:
    insured = list(Account.objects.filter(person=guarantee.membership.person_id))
    asked = guarantee.account
    if asked is None or asked in insured or not guarantees_of(asked).filter(pk=guarantee.pk).exists():
        return insured
    return [asked, *insured]
