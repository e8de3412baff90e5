"""The field with which pages of other rooms let members upload files: `{% load uploads %}{% upload_field … %}`."""

from django import template
from django.urls import reverse

from mypolis.membership.uploads.targets import target_in

register = template.Library()


@register.inclusion_tag("uploads/components/field.html", takes_context=True)
def upload_field(
    context: template.Context,
    *,
    target: str,
    reference: object,
    kind: str,
    label: str,
    about: str = "",
    is_first: bool = True,
) -> dict[str, object]:
    """Draw a field for several files of one kind. It belongs into a multipart form with a CSRF token.

    `target` and `reference` name the owner ("claim", its id), `kind` is the documents' kind, and without script the
    name of the form's field. On a page with several fields, `about` is what only screen readers add to the label, and
    only the first field shows which files we take. A page that uses script gets the events `upload-arrived` and
    `upload-removed`.
    """
    return {
        "url": reverse("uploads", args=[context["market"].code]),
        "target": target,
        "reference": reference,
        "kind": kind,
        "label": label,
        "about": about,
        "is_first": is_first,
        "field_id": f"upload-{kind}",
        "most_bytes": target_in({target: str(reference)}).most_bytes,
        "csrf_token": context.get("csrf_token", ""),
    }
