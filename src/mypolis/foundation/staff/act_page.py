"""The page that comes before something is done: what happens then, perhaps a form, and one button."""

from dataclasses import dataclass

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from mypolis.foundation.rooms import Text


@dataclass(frozen=True, kw_only=True)
class Act:
    """What the page says: its title, what happens, and the words on the button."""

    title: Text
    text: Text
    button: Text
    is_dangerous: bool = False


def act_page(
    request: HttpRequest, act: Act, *, about: str, back_url: str, form: Form | None = None, problem: Text = ""
) -> HttpResponse:
    """Return the page. `about` says to whom or what it happens. After a refusal its status is 422."""
    context = {"act": act, "about": about, "form": form, "problem": problem, "back_url": back_url}
    is_refused = bool(problem) or (form is not None and form.is_bound)
    return render(request, "staff/act.html", context, status=422 if is_refused else 200)
