"""Ending the sessions of several colleagues at once, for example after a laptop was stolen."""

from collections.abc import Sequence

from django.db.models import Prefetch, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.events import Actor
from mypolis.foundation.staff.entrance.sessions import end_all
from mypolis.foundation.staff.lists.bulk import BulkAct, CannotDo
from mypolis.foundation.staff.models import StaffAccount, StaffSession
from mypolis.foundation.staff.rights import MANAGE_STAFF


def _find(market: str, keys: Sequence[int]) -> QuerySet[StaffAccount]:
    active = Prefetch("sessions", StaffSession.objects.active(timezone.now()), to_attr="active_sessions")
    found = StaffAccount.objects.filter(roles__market=market, pk__in=keys).distinct().order_by("name", "pk")
    return found.prefetch_related("roles", active)


def _name(account: StaffAccount) -> str:
    return f"{account.name}, {account.email}"


def _require(staff: StaffAccount, market: str, account: StaffAccount) -> None:
    if account.pk == staff.pk:
        raise CannotDo(_("These are your own sessions: end them on the page My account."))
    if not all(staff.may(MANAGE_STAFF, held) for held in account.held_roles):
        raise CannotDo(_("An administrator of all the markets where this colleague works can do it."))
    if not getattr(account, "active_sessions", ()):
        raise CannotDo(_("Is signed in nowhere."))


def _carry_out(account: StaffAccount, by: Actor) -> None:
    if not end_all(account=account, by=by):
        raise CannotDo(_("Is signed in nowhere."))


END_SESSIONS = BulkAct[StaffAccount](
    title=_("End sessions of colleagues"),
    button=_("End their sessions"),
    find=_find,
    name_of=_name,
    require=_require,
    carry_out=_carry_out,
)
