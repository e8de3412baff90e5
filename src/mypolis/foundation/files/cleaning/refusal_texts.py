"""What members read about a file that was refused: what is wrong, and what to do."""

from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.files.cleaning.limits import MOST_PAGES
from mypolis.foundation.files.cleaning.reasons import Reason

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

_TEXTS: Final[dict[Reason, "StrPromise"]] = {
    "empty": _("This file is empty. Choose it again, or take the photo again."),
    "not_a_picture_or_pdf": _(
        "This file is neither a picture nor a PDF. Send a photo (JPEG, PNG, WebP or HEIC) or a PDF."
    ),
    "damaged": _(
        "We cannot open this file: it is damaged or incomplete. "
        "Take the photo again, or save the document as a PDF again."
    ),
    "encrypted_pdf": _(
        "This PDF is protected with a password. Save a copy without a password, or send photos of its pages."
    ),
    "too_many_pages": _("This PDF has more than {pages} pages. Send only the pages that matter, or several files."),
    "too_many_pixels": _("This picture has too many pixels. Take it again with a lower resolution."),
    "too_complex": _(
        "We cannot process this file. Send photos of the pages, or print the document to a new PDF and send that."
    ),
    "too_large": _("This file is too large. Divide it into several files, or send photos of the pages."),
    "infected": _(
        "We do not accept this file, because our virus scanner found something harmful in it. "
        "Send a new photo of the document instead."
    ),
    "unscannable": _(
        "Our virus scanner cannot examine this file completely. Send photos of the pages, or print the document to a "
        "new PDF and send that."
    ),
    "not_checked": _(
        "We could not check this file before the day on which we had to delete it. "
        "Please send it again if it is still needed."
    ),
}


def refusal_text(reason: Reason) -> str:
    """The text for a member, in the active language."""
    return str(_TEXTS[reason]).format(pages=MOST_PAGES)
