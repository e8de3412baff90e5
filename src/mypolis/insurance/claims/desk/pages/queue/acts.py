"""Acts on many claims of the queue: handing them over to a colleague, and putting them back."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from mypolis.foundation.staff.access import needs
from mypolis.foundation.staff.lists.bulk import Asked, BulkAct, CannotDo, ListAct, bulk_page, uuids
from mypolis.foundation.staff.models import StaffAccount
from mypolis.insurance.claims.desk.in_hand import check_can_put_back, check_may_get, check_may_give, hand_over, put_back
from mypolis.insurance.claims.desk.may_work import ties_of, waiting_among
from mypolis.insurance.claims.desk.pages.hand_over_form import HandOverForm
from mypolis.insurance.claims.desk.refusals import Refused, Why
from mypolis.insurance.claims.models import Claim, ClaimInHand
from mypolis.insurance.claims.rights import ASSESS_CLAIMS


@needs(ASSESS_CLAIMS)
@require_POST
def hand_over_many(request: HttpRequest, market: str) -> HttpResponse:
    """Gives the chosen claims to a colleague, after a preview."""
    return bulk_page(request, market, HAND_OVER, back_url=reverse("desk-claims", args=[market]))


@needs(ASSESS_CLAIMS)
@require_POST
def put_back_many(request: HttpRequest, market: str) -> HttpResponse:
    """Puts the chosen claims back into the queue, after a preview."""
    return bulk_page(request, market, PUT_BACK, back_url=reverse("desk-claims", args=[market]))


def _find(market: str, keys: Sequence[str]) -> QuerySet[Claim]:
    found = Claim.objects.filter(market=market, pk__in=uuids(keys)).exclude(number="").order_by("number")
    return found.select_related("in_hand", "membership__policy")


def _form(staff: StaffAccount, market: str, sent: QueryDict | None) -> HandOverForm:
    return HandOverForm(market, ASSESS_CLAIMS, staff, sent)


def _checks_of_handing_over(asked: Asked, rows: Sequence[Claim]) -> Callable[[Claim], None]:
    to = asked.form.colleague
    own, ties = ties_of(asked.staff, rows), ties_of(to, rows)
    waiting = waiting_among(rows)

    def check(claim: Claim) -> None:
        row = _row_of(claim)
        if row is not None and row.staff == to.pk:
            raise CannotDo(_("This colleague has it in hand already."))
        _refusing(check_may_give, claim, row, asked.staff, own)
        _refusing(check_may_get, claim, to, ties)
        if claim.pk in waiting:
            raise CannotDo(Refused(Why.DECISION_WAITS).sentence)

    return check


def _checks_of_putting_back(asked: Asked, rows: Sequence[Claim]) -> Callable[[Claim], None]:
    waiting = waiting_among(rows)

    def check(claim: Claim) -> None:
        _refusing(check_can_put_back, claim, _row_of(claim), asked.staff)
        if claim.pk in waiting:
            raise CannotDo(Refused(Why.DECISION_WAITS).sentence)

    return check


def _row_of(claim: Claim) -> ClaimInHand | None:
    return getattr(claim, "in_hand", None)


def _refusing(act: Callable[..., object], *args: Any, **kwargs: Any) -> None:
    """Do the act on one row. If the desk refuses it, raise CannotDo with its sentence: the row is left alone."""
    try:
        act(*args, **kwargs)
    except Refused as refused:
        raise CannotDo(refused.sentence) from None


HAND_OVER = BulkAct[Claim](
    title=_("Hand over"),
    button=_("Hand them over"),
    find=_find,
    name_of=lambda claim: claim.number,
    checks=_checks_of_handing_over,
    carry_out=lambda asked, claim: _refusing(
        hand_over, claim=claim, staff=asked.staff, to=asked.form.colleague, by=asked.by
    ),
    form=_form,
)
PUT_BACK = BulkAct[Claim](
    title=_("Put back into the queue"),
    button=_("Put them back"),
    find=_find,
    name_of=lambda claim: claim.number,
    checks=_checks_of_putting_back,
    carry_out=lambda asked, claim: _refusing(put_back, claim=claim, staff=asked.staff, by=asked.by),
)
ACTS = (
    ListAct(HAND_OVER, "desk-claims-hand-over", ASSESS_CLAIMS),
    ListAct(PUT_BACK, "desk-claims-put-back", ASSESS_CLAIMS),
)
