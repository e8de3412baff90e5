"""Unlocking an account takes two people: otherwise, convincing one operator would be enough to get in."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.template.defaultfilters import date
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import StaffAccount
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import is_close_to
from mypolis.membership.operators.locking import NotLocked, unlock_account
from mypolis.offices.desk.helping.approval_looks import record_look
from mypolis.offices.desk.helping.forms import CHECKED, REASONS
from mypolis.offices.desk.rights import UNLOCK_ACCOUNTS

type Payload = Mapping[str, Any]


def payload_of(account: Account, checked: str) -> dict[str, Any]:
    """What a proposal says: whose account, locked since when, and how the person was checked."""
    return {"account": account.pk, "locked_at": _time_of(account), "checked": checked}


def _time_of(account: Account) -> str:
    return account.locked_at.isoformat() if account.locked_at is not None else ""


def _facts(market: str, payload: Payload) -> Sequence[tuple[Text, Text]]:
    account = _account(market, payload)
    facts: list[tuple[Text, Text]] = [(_("Member"), account.person.display_name)]
    if account.locked_at is not None:
        facts += [
            (_("Locked since"), date(localtime(account.locked_at), "SHORT_DATETIME_FORMAT")),
            (_("Reason for locking"), REASONS.get(account.locked_for, account.locked_for)),
        ]
    return [*facts, (_("How it was checked"), CHECKED.get(payload["checked"], payload["checked"]))]


def _unlock(market: str, payload: Payload, by: Actor) -> None:
    account = Account.objects.select_for_update(of=("self",)).get(pk=payload["account"], market=market)
    if _time_of(account) != payload["locked_at"]:  # unlocked and locked again meanwhile, perhaps for another reason
        raise Stale
    try:
        unlock_account(account=account, by=by)
    except NotLocked:
        raise Stale from None


def _concerns(market: str, payload: Payload, staff: StaffAccount) -> bool:
    return is_close_to(staff.pk, _account(market, payload).person_id)


def _account(market: str, payload: Payload) -> Account:
    return Account.objects.select_related("person").get(pk=payload["account"], market=market)


UNLOCKING = ApprovalKind(
    name="unlock",
    title=gettext_lazy("Unlock an account"),
    right=UNLOCK_ACCOUNTS,
    facts=_facts,
    apply=_unlock,
    concerns=_concerns,
    shown=record_look,
    same=("account",),
)
