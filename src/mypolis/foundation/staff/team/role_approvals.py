"""What needs a second administrator: giving a role, an invitation, a new start for sign-in, reopening an account.

Taking a role away does not: it must be quick.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.markets import all_markets
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import StaffAccount, StaffRole
from mypolis.foundation.staff.rights import MANAGE_STAFF
from mypolis.foundation.staff.roles import ROLES
from mypolis.foundation.staff.team.joining import AlreadyStaff, invite
from mypolis.foundation.staff.team.resetting import CannotReset, reset
from mypolis.foundation.staff.team.role_changes import give_role, reopen


def _role_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    return [*_colleague_facts(_market, payload), (_("Role"), ROLES[payload["role"]].label)]


def _colleague_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    account = StaffAccount.objects.get(pk=payload["account"])
    return [(_("Colleague"), f"{account.name}, {account.email}")]


def _give(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    account = StaffAccount.objects.get(pk=payload["account"])
    role, proposer = payload["role"], _proposer(payload)
    if account.closed_at is not None or not give_role(
        account=account, market=market, role=role, by=by, proposed_by=proposer
    ):
        raise Stale


def _reset(_market: str, payload: Mapping[str, Any], by: Actor) -> None:
    try:
        reset(account=StaffAccount.objects.get(pk=payload["account"]), by=by)
    except CannotReset:
        raise Stale from None


def roles_of(account: StaffAccount) -> dict[str, list[str]]:
    """Every role that somebody holds or would hold again, by market: those who approve it read them."""
    return {market: sorted(roles) for market, roles in sorted(account.held_roles.items())}


def _reopening_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    roles = [(_market_name(market), _role_names(held)) for market, held in payload["roles"].items()]
    return [*_colleague_facts(_market, payload), *roles]


def _market_name(code: str) -> Text:
    """The name of a market, also of one that is not served any more."""
    profile = all_markets().get(code)
    return profile.name if profile is not None else code


def _role_names(keys: Sequence[str]) -> str:
    return ", ".join(str(role.label) for key, role in ROLES.items() if key in keys) or "–"


def _reopen(_market: str, payload: Mapping[str, Any], by: Actor) -> None:
    account = StaffAccount.objects.get(pk=payload["account"])
    if account.closed_at is None or roles_of(account) != payload["roles"]:
        raise Stale
    reopen(account=account, by=by)


def _manages_all(_market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    markets = StaffRole.objects.filter(account=payload["account"]).values_list("market", flat=True)
    return all(staff.may(MANAGE_STAFF, market) for market in set(markets))


def _proposer(payload: Mapping[str, Any]) -> StaffAccount | None:
    """Who proposed a role: kept with it, because they must not be the first of two with its new holder."""
    key = payload.get("proposed_by")
    return StaffAccount.objects.filter(pk=key).first() if key is not None else None


def _is_own(_market: str, payload: Mapping[str, Any], staff: StaffAccount) -> bool:
    return bool(payload["account"] == staff.pk)


def _invitation_facts(_market: str, payload: Mapping[str, Any]) -> Sequence[tuple[Text, Text]]:
    return [
        (_("Name"), payload["name"]),
        (_("Work email"), payload["email"]),
        (_("Role"), ROLES[payload["role"]].label),
    ]


def _invite(market: str, payload: Mapping[str, Any], by: Actor) -> None:
    email, name, proposer = payload["email"], payload["name"], _proposer(payload)
    try:
        invite(email=email, name=name, market=market, roles=[payload["role"]], by=by, proposed_by=proposer)
    except AlreadyStaff:
        raise Stale from None


_kind = partial(ApprovalKind, right=MANAGE_STAFF, concerns=_is_own, independent=True)
_kind_in_all_markets = partial(_kind, facts=_colleague_facts, in_charge=_manages_all, same=("account",))

ROLE_CHANGE = _kind(
    name="role", title=gettext_lazy("Give a role"), facts=_role_facts, apply=_give, same=("account", "role")
)
INVITATION = _kind(
    name="invitation",
    title=gettext_lazy("Invite a colleague"),
    facts=_invitation_facts,
    apply=_invite,
    concerns=lambda _market, _payload, _staff: False,
    same=("email",),
)
RESET = _kind_in_all_markets(
    name="reset", title=gettext_lazy("Let a colleague set up their sign-in again"), apply=_reset
)
REOPENING = _kind_in_all_markets(
    name="reopening",
    title=gettext_lazy("Reopen the account of a colleague"),
    facts=_reopening_facts,
    apply=_reopen,
)
