"""Ending a claim as a duplicate: the other claim is named, both are compared, and the letter is read before it goes."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods

from mypolis.foundation.staff.access import needs
from mypolis.foundation.web.form_fields.fields import TextField
from mypolis.foundation.web.requests import actor_of
from mypolis.insurance.claims.desk.facts import duplicates_of
from mypolis.insurance.claims.desk.looking import Because, look, may_look
from mypolis.insurance.claims.desk.outcomes.duplicates import end_as_duplicate, letter, other_claim
from mypolis.insurance.claims.desk.pages.claim_page import claim_page, frame_of
from mypolis.insurance.claims.desk.pages.comparison import compared
from mypolis.insurance.claims.desk.pages.opened import Opened, open_claim, open_health
from mypolis.insurance.claims.desk.refusals import Refused
from mypolis.insurance.claims.lifecycle.duplicates import NotTheSame
from mypolis.insurance.claims.models import Claim
from mypolis.insurance.claims.rights import ASSESS_CLAIMS


class OtherClaimForm(forms.Form):
    """The number of the claim that goes on; `other` is that claim, after validation."""

    of = TextField(
        label=pgettext_lazy("desk", "Number of the claim that goes on"),
        max_length=32,
        help_text=_("It must be about the same person, or made by the same member for their family."),
    )

    def __init__(self, claim: Claim, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._claim, self.other = claim, claim
        self.fields["of"].widget.attrs["data-autofocus"] = True

    def clean_of(self) -> str:
        """Find the claim."""
        try:
            self.other = other_claim(self._claim, self.cleaned_data["of"])
        except NotTheSame:
            raise forms.ValidationError(
                _("No open or decided claim of this member has this number. Check it.")
            ) from None
        return self.other.number


@needs(ASSESS_CLAIMS)
@require_http_methods(["GET", "HEAD", "POST"])
def duplicate(request: HttpRequest, market: str, number: str) -> HttpResponse:
    """Compares a claim with the one that has the same bills, and ends it; without a comparison it draws that first."""
    found = open_health(request, market, number)
    if not found.may_end_as_duplicate:
        return redirect("desk-claim", market, number)
    data = request.POST if request.method == "POST" else request.GET
    form = OtherClaimForm(found.claim, data if "of" in data else None, initial={"of": _with_same_bill(found.claim)})
    if request.method == "POST" and form.is_valid() and may_look(form.other, found.staff, data.get("compared", "")):
        try:
            end_as_duplicate(claim=found.claim, number=form.other.number, staff=found.staff, by=actor_of(request))
            return redirect("desk-claim", market, number)
        except Refused as refused:
            return claim_page(request, open_claim(request, market, number), refused.sentence)
        except NotTheSame:  # it ended a moment ago
            form.add_error("of", _("That claim has changed meanwhile. Compare again."))
    try:
        return _page(request, found, form)
    except Refused as refused:
        return claim_page(request, found, refused.sentence)


def _with_same_bill(claim: Claim) -> str:
    """The number of the claim that has the same bill and can go on; empty if there is none, or more than one."""
    found = {other.number for other in duplicates_of(claim).values()}
    return found.pop() if len(found) == 1 else ""


def _page(request: HttpRequest, found: Opened, form: OtherClaimForm) -> HttpResponse:
    """Draw the comparison, or the form that asks for the other claim. Comparing is a look at the other claim."""
    is_found = form.is_bound and form.is_valid()
    context = frame_of(found, "duplicate") | {"form": form}
    if is_found:
        seen = look(claim=form.other, because=Because.SAME_BILL, staff=found.staff, by=actor_of(request))
        context |= {
            "seen": seen,
            "rows": compared(found.claim, form.other),
            "other": form.other,
            "letters": letter(found.claim, form.other).items(),
        }
    return render(request, "claims/desk/duplicate.html", context, status=422 if form.errors else 200)
