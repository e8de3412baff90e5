"""What a list shows of saved filters: links, and the form that saves the filters of the page.

Only choices from a list are saved (fields of the kind `ListField`, as `OneOf` has). What people type could
be personal data. The form carries the filters signed, so that nothing else can be saved.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.core import signing
from django.http import HttpRequest

from mypolis.foundation.staff.access import signed_in
from mypolis.foundation.staff.models import SavedFilter
from mypolis.foundation.web.form_fields.fields import ListField

_SALT = "mypolis.staff.saved-filter"
_LIFE_SECONDS = 24 * 3600


@dataclass(frozen=True)
class SavedFilters:
    """The colleague's filters of this list; `is_current` marks those of the page.

    `ticket` is "" if the page has no filters, or if they are saved already.
    """

    links: list[tuple[SavedFilter, bool]]
    ticket: str


def saved_for(request: HttpRequest, form: forms.BaseForm) -> SavedFilters:
    """Return what `staff/list/saved.html` needs, with one statement. `form` has the filters of the page."""
    query = query_of(form)
    rows = SavedFilter.objects.filter(account=signed_in(request), path=request.path).order_by("name", "pk")
    links = [(row, row.query == query) for row in rows]
    is_new = bool(query) and not any(is_current for _row, is_current in links)
    return SavedFilters(links, signing.dumps([request.path, query], salt=_SALT) if is_new else "")


def query_of(form: forms.BaseForm) -> str:
    """Return the chosen values as a query, in the order of the fields; "" if nothing or something invalid is chosen."""
    if not form.is_valid():
        return ""
    chosen = {name: form.cleaned_data.get(name) for name, one in form.fields.items() if isinstance(one, ListField)}
    return urlencode({name: value for name, value in chosen.items() if value})


def read_ticket(ticket: str) -> tuple[str, str] | None:
    """Return the path and the query that the form carries; None if we did not make it."""
    try:
        path, query = signing.loads(ticket, salt=_SALT, max_age=_LIFE_SECONDS)
    except (signing.BadSignature, UnicodeError):
        return None
    return path, query
