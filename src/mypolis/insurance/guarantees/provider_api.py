"""The API with which a provider's program asks for a guarantee."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Router, Status

from mypolis.foundation.journeys.schemas import ProblemDoc
from mypolis.foundation.web.problems import problem
from mypolis.insurance.ecard.counter.checking import UnknownCode
from mypolis.insurance.guarantees.lifecycle.asking import Refused, Wish, ask_as_provider
from mypolis.insurance.guarantees.models import Guarantee
from mypolis.insurance.guarantees.rights import GUARANTEES
from mypolis.insurance.guarantees.schemas import ProviderAskBody, ProviderGuaranteeDoc
from mypolis.insurance.providers.access import ProviderAuth, provider_actor, provider_in
from mypolis.insurance.providers.card_checks import NotPresentedNow, member_present

router = Router(tags=["providers"])


@router.post(
    "/{market}/provider/guarantees",
    auth=ProviderAuth(GUARANTEES.name),
    response={201: ProviderGuaranteeDoc, **dict.fromkeys((403, 404, 409, 422, 429), ProblemDoc)},
    url_name="provider-guarantee",
)
def ask(request: HttpRequest, market: str, body: ProviderAskBody) -> Any:
    """Ask for a guarantee for whoever presents a card now; the person gets a message. 409 if it is not valid."""
    provider, by = provider_in(request), provider_actor(request)
    try:
        wish = Wish(
            benefit=body.benefit,
            planned_from=date.fromisoformat(body.planned_from),
            planned_to=date.fromisoformat(body.planned_to),
            expected=Decimal(body.expected),
            provider=provider,
        )
    except ValueError:
        return _refused("planned_from", "invalid")
    try:
        membership = member_present(provider=provider, text=body.code, by=by)
        made = ask_as_provider(provider=provider, membership=membership, wish=wish, by=by)
    except UnknownCode:
        return problem(404, "unknown-code", _("This code is not one of ours."))
    except NotPresentedNow:
        return problem(409, "card-not-presented", _("Please ask the member for a fresh code."))
    except Refused as refused:
        return _refused(refused.field, refused.code)
    return Status(201, _document(made))


def _refused(field: str, code: str) -> Any:
    text = _("This value cannot be used here.")
    return problem(422, "refused", text, errors=[(field, code, text)])


def _document(guarantee: Guarantee) -> dict[str, Any]:
    is_decided = guarantee.valid_until is not None
    return {
        "number": guarantee.number,
        "state": guarantee.state,
        "promised": f"{guarantee.promised:.2f}" if is_decided else None,
        "own_share": f"{guarantee.own_share:.2f}" if is_decided else None,
        "currency": guarantee.currency,
        "valid_until": guarantee.valid_until,
    }
