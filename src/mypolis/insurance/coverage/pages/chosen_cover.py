"""Finds the membership that a request names, for pages and API alike."""

from django.http import Http404, HttpRequest

from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen, covers_by_membership
from mypolis.membership.family.relations.rules import What
from mypolis.membership.people.models import Membership


def asked_membership(request: HttpRequest, account: Account, key: str, *, what: What = "cover") -> Membership:
    """The membership with this key, if the account may access it. Raises Http404 otherwise, without giving the reason.

    Access to another person's membership is recorded, except for HEAD requests.
    """
    try:
        seen = covers_by_membership(account, key, what=what, by=actor_of(request), is_recorded=request.method != "HEAD")
    except NotSeen:
        raise Http404("no such policy") from None
    found = seen.select_related("policy__employer").filter(pk=row_number(key)).first()
    if found is None:
        raise Http404("no such policy")
    return found
