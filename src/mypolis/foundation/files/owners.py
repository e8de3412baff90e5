"""The rows to which received files belong, found by the name that is stored with each file."""

from django.apps import apps
from django.db import models

from mypolis.foundation.files.models import ReceivedFile


def owners_of(received: ReceivedFile) -> models.QuerySet[models.Model]:
    """The owner's row; none if it is gone."""
    label, _colon, key = received.owner.partition(":")
    owners: models.QuerySet[models.Model] = apps.get_model(label)._base_manager.filter(pk=key)
    return owners


def locked_owner(received: ReceivedFile) -> models.Model | None:
    """The owner's row, locked; None if it is gone.

    Lock the owner before its file and before the upload of that file, as everybody does: so there are no deadlocks.
    """
    return owners_of(received).select_for_update(no_key=True).first()
