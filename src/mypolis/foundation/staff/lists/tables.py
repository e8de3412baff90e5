"""Tables at the desk: django-tables2 with our template. Rows come from a page by key, so nothing is counted."""

import django_tables2 as tables

from mypolis.foundation.rooms import Text


class DeskTable(tables.Table):
    """Base of every table: our components, no ordering by clicks (a filter offers the orders that an index serves).

    On phones each row is a card. `caption` names the table for screen readers.
    """

    caption: Text = ""

    class Meta:
        template_name = "staff/list/table.html"
        orderable = False
