"""Ending the sessions of several colleagues at once, for example after a laptop was stolen."""

from collections.abc import Callable, Sequence
from functools import partial

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.lists.bulk import Asked, BulkAct, CannotDo, ListAct, whole_numbers
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.rights import MANAGE_STAFF


def _find(market: str, keys: Sequence[str]) -> QuerySet[StaffAccount]:
    active = Prefetch("sessions", StaffSession.objects.active(timezone.now()), to_attr="active_sessions")
    found = (
        StaffAccount.objects.filter(roles__market=market, pk__in=whole_numbers(keys)).distinct().order_by("name", "pk")
    )
    return found.prefetch_related("roles", active)


def _name(account: StaffAccount) -> str:
    return f"{account.name}, {account.email}"


def _checks(asked: Asked, _rows: Sequence[StaffAccount]) -> Callable[[StaffAccount], None]:
    return partial(_require, asked.staff)


def _require(staff: StaffAccount, account: StaffAccount) -> None:
    if account.pk == staff.pk:
        raise CannotDo(_("These are your own sessions: end them on the page My account."))
    if not all(staff.may(MANAGE_STAFF, held) for held in account.held_roles):
        raise CannotDo(_("An administrator of all the markets where this colleague works can do it."))
    if not getattr(account, "active_sessions", ()):
        raise CannotDo(_("Is signed in nowhere."))


def _carry_out(asked: Asked, account: StaffAccount) -> None:
    if not end_all(account=account, by=asked.by):
        raise CannotDo(_("Is signed in nowhere."))


END_SESSIONS = BulkAct[StaffAccount](
    title=_("End sessions of colleagues"),
    button=_("End their sessions"),
    find=_find,
    name_of=_name,
    checks=_checks,
    carry_out=_carry_out,
    is_dangerous=True,
)
ACTS = (ListAct(END_SESSIONS, "desk-end-sessions", MANAGE_STAFF),)
