"""Acts on many guarantees of the list: putting them back."""

from collections.abc import Callable, Sequence

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mypolis.foundation.staff.access import needs
from mypolis.foundation.staff.lists.bulk import Asked, BulkAct, CannotDo, ListAct, bulk_page, uuids
from mypolis.insurance.guarantees.desk.in_hand import check_holder, put_back
from mypolis.insurance.guarantees.desk.refusals import Refused
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.rights import ASSESS_GUARANTEES
from mypolis.membership.family.staff_relations.colleagues import close_among


@needs(ASSESS_GUARANTEES)
@require_POST
def put_back_many(request: HttpRequest, market: str) -> HttpResponse:
    """Puts the chosen guarantees back, after a preview."""
    return bulk_page(request, market, PUT_BACK, back_url=reverse("desk-guarantees", args=[market]))


def _find(market: str, keys: Sequence[str]) -> QuerySet[Guarantee]:
    found = Guarantee.objects.filter(market=market, pk__in=uuids(keys)).order_by("number")
    return found.select_related("in_hand", "membership")


def _checks(asked: Asked, rows: Sequence[Guarantee]) -> Callable[[Guarantee], None]:
    close = close_among(asked.staff.pk, {one.membership.person_id for one in rows})

    def check(one: Guarantee) -> None:
        try:
            check_holder(one, getattr(one, "in_hand", None), asked.staff, close)
        except Refused as refused:
            raise CannotDo(refused.sentence) from None

    return check


def _put_back(asked: Asked, one: Guarantee) -> None:
    try:
        put_back(guarantee=one, staff=asked.staff, by=asked.by)
    except Refused as refused:
        raise CannotDo(refused.sentence) from None


PUT_BACK = BulkAct[Guarantee](
    title=_("Put back into the list"),
    button=_("Put them back"),
    find=_find,
    name_of=lambda one: one.number,
    checks=_checks,
    carry_out=_put_back,
)
ACTS = (ListAct(PUT_BACK, "desk-guarantees-put-back", ASSESS_GUARANTEES),)
