"""Which policy a request asks about: one way to a membership, for pages and API alike."""

from django.http import Http404, HttpRequest

from mypolis.foundation.lib.row_number import row_number
from mypolis.foundation.web.requests import actor_of
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.access import NotSeen, covers_beside
from mypolis.membership.family.rules import What
from mypolis.membership.people.models import Membership


def asked_membership(request: HttpRequest, account: Account, key: str, *, what: What = "cover") -> Membership:
    """The membership with this key, of which the account may see this. Raises Http404 for anything else alike.

    A viewing is noted where it is somebody else's, but for a request of heads alone.
    """
    try:
        seen = covers_beside(account, key, what=what, by=actor_of(request), notes=request.method != "HEAD")
    except NotSeen:
        raise Http404("no such policy") from None
    found = seen.select_related("policy__employer").filter(pk=row_number(key)).first()
    if found is None:
        raise Http404("no such policy")
    return found
