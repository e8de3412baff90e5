from django.db import models

from mypolis.foundation.lib.crypto.encrypted import EncryptedTextField


class Umbrella(models.Model):
    """An umbrella. Its owner is stored encrypted."""

    owner = EncryptedTextField()

    class Meta:
        app_label = "toy"
