"""The member and what they are covered for, as JSON."""

from typing import Any

from django.http import HttpRequest
from django.utils.encoding import force_str
from ninja import Router

from mypolis.membership.accounts.api import MemberToken
from mypolis.membership.accounts.presenters import account_document
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.service.home.overview import overview
from mypolis.service.home.schemas import MemberDoc

router = Router(tags=["member"], auth=MemberToken())


@router.get("/{market}/me", response=MemberDoc, url_name="me")
def me(request: HttpRequest, market: str) -> dict[str, Any]:
    """The token's account with its policies; the current ones first."""
    account = account_of(request)
    if account is None:  # the bearer check ensures this; the line is for the type checker
        raise RuntimeError("no account in an operation for members")
    found = overview(account)
    return {
        **account_document(account),
        "covered": found.is_covered,
        "policies": [{**vars(cover), "type_label": force_str(cover.type_label)} for cover in found.covers],
    }
