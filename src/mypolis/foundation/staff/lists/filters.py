"""Filters at the desk: django-filter with our form fields. Their values are in addresses, so never personal data."""

from collections.abc import Callable, Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.forms import Form

from mypolis.foundation.rooms import Text
from mypolis.foundation.web.form_fields.fields import ListField

type Choices = Sequence[tuple[str, Text]]


class OneOf(django_filters.Filter):
    """A choice of one value from a list; the first choice, with an empty value, filters nothing."""

    field_class = ListField

    def __init__(self, *, label: Text, choices: Choices | Callable[[], Choices], **kwargs: Any) -> None:
        super().__init__(label=label, choices=choices, **kwargs)


class DeskFilters(django_filters.FilterSet):
    """Base of every set of filters. A value that nobody offers filters nothing, and the form says so.

    No filter is required, so the form does not call each of them optional.
    """

    def get_form_class(self) -> type[Form]:
        """The form of the filters."""
        form: type[Form] = super().get_form_class()
        form.mark_required = True  # type: ignore[attr-defined]
        return form

    def rows(self) -> QuerySet[Any]:
        """The filtered rows; with invalid values all rows."""
        found: QuerySet[Any] = self.qs if self.form.is_valid() else self.queryset
        return found
