"""Why an upload is refused, or cannot go on. Each has a code for programs and a sentence for members."""

from django.utils.translation import gettext_lazy as _

from mypolis.foundation.rooms.declared import Text


class UploadError(Exception):
    """Base class. `code` is for programs, `message` for members."""

    code = "refused"
    message: Text = ""


class NoSuchUpload(UploadError):
    """The member has no such upload, or it is gone."""

    code = "unknown-upload"
    message = _("This upload no longer exists. Please choose the file again.")


class NoSuchTarget(UploadError):
    """The member has nothing of this name for which files can be uploaded."""

    code = "unknown-target"
    message = _("We cannot find what this file belongs to. Please reload the page.")


class NotAccepted(UploadError):
    """The file cannot be added. Takes the sentence for the member."""

    code = "not-accepted"

    def __init__(self, message: Text) -> None:
        super().__init__(message)
        self.message = message


class EmptyFile(UploadError):
    """A file without bytes."""

    code = "empty"
    message = _("This file is empty.")


class TooLarge(UploadError):
    """The file has more bytes than its target takes, or more than were announced."""

    code = "too-large"
    message = _("This file is too large.")


class TooManyUploads(UploadError):
    """The member has too many unfinished uploads, or too large ones."""

    code = "too-many-uploads"
    message = _("Too many files are being uploaded. Please wait until they have arrived, or remove some.")


class WrongOffset(UploadError):
    """The bytes do not continue where the upload ended."""

    code = "wrong-offset"
    message = _("Part of this file arrived already. The upload continues there.")


class BeingWritten(UploadError):
    """Another request is writing this upload."""

    code = "being-written"
    message = _("This file is being uploaded already, perhaps in another window.")


class StorageAway(UploadError):
    """The storage is full or cannot be reached, or too many uploads run at once. Try again later."""

    code = "unavailable"
    message = _("We cannot store files right now. Please try again in a few minutes.")
