"""What people read when a factor was refused."""

from django.utils.translation import gettext as _


def refusal_text(code: str) -> str:
    """The sentence for a refusal. It says what to do."""
    texts = {
        "used": _("This code was used already. Please wait until the app shows the next one."),
        "other-door": _("This passkey belongs to another part of the portal. Please choose the one for the desk."),
        "somebody-else": _("This passkey belongs to another account. Please choose your own."),
        "suspect": _("This passkey cannot be used any more. Use another factor, and tell an administrator."),
        "removed": _("This passkey was removed from your account. Please use another factor."),
        "unknown": _("We do not know this passkey. Please use another factor."),
        "wrong": _("This is not the code that the app shows now. Check that the clock of your phone is right."),
    }
    return texts.get(code, _("That did not work. Please try again, or use another factor."))
