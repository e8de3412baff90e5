"""Saves what a page sent, on top of what other devices saved meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from mypolis.foundation.events import Actor
from mypolis.insurance.claims import access
from mypolis.insurance.claims.drafts import flows
from mypolis.insurance.claims.drafts.merging import merge
from mypolis.insurance.claims.drafts.pages.forms import DraftForm, as_text
from mypolis.insurance.claims.drafts.pages.sheets import Sheet
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account

_TRIES = 5


@dataclass(frozen=True)
class Saved:
    """The draft after saving. `conflicts` says, by field, what another device saved there; these were not saved."""

    draft: Claim
    conflicts: Mapping[str, str]


def save_typed(*, account: Account, draft: Claim, sheet: Sheet, form: DraftForm, version: int, by: Actor) -> Saved:
    """Save the fields that are valid and that the page changed.

    `version` is the one that the page showed. A field that another device changed meanwhile is saved only if this page
    left it alone. Raises what `flows.save` raises, except Stale.
    """
    typed = {name: as_text(value) for name, value in form.readable.items()}
    for last in range(_TRIES):
        now = sheet.values(draft)
        saved = {name: as_text(now.get(name)) for name in typed}
        was = form.was() or (saved if version == draft.version else {})
        merged = merge(base=was, saved=saved, typed=typed)
        values = {name: form.readable[name] for name in merged.values}
        try:
            draft = flows.save(
                account=account,
                claim=draft.pk,
                version=draft.version,
                changes=sheet.changes(draft, values) if values else {},
                by=by,
            )
        except flows.Stale:
            if last == _TRIES - 1:
                raise
            draft = access.find(account, draft.pk)
            continue
        return Saved(draft, {name: _asks(form, name, now.get(name)) for name in merged.conflicts})
    raise AssertionError("the last try returns or raises")


def _asks(form: DraftForm, name: str, value: Any) -> str:
    field = form.fields[name]
    shown = date_format(value) if isinstance(value, date) else field.prepare_value(value)
    other = str(dict(getattr(field, "choices", ())).get(shown, "" if shown is None else shown))
    if not other:
        return _("On another device this was emptied. Keep your text or empty it, then continue.")
    return _("On another device “%(other)s” was entered. Keep yours or enter the other, then continue.") % {
        "other": other
    }
