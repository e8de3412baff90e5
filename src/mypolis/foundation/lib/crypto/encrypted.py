"""Model fields that the key ring encrypts before they are stored and decrypts when they are loaded."""

import json
from abc import abstractmethod
from typing import TYPE_CHECKING, Any, Never

from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

from mypolis.foundation.lib.crypto import keyring

if TYPE_CHECKING:
    AnyField = models.Field[Any, Any]
else:
    AnyField = models.Field  # takes no type parameters when it runs


class EncryptedField(AnyField):
    """A `bytea` column that holds `KeyRing.seal(...)`; None stays NULL.

    `context` binds a value to its column, so that a value copied to another column cannot be decrypted. The default is
    "app.Model.field"; set it when a field or model is renamed. The same value is encrypted differently each time, so
    `isnull` is the only possible lookup. For other look-ups store a `KeyRing.digest` beside it.
    """

    def __init__(self, *args: Any, context: str | None = None, **kwargs: Any) -> None:
        for option in ("unique", "primary_key", "db_index"):
            if kwargs.get(option):
                raise ValueError(f"an encrypted field cannot have {option}: equal values are encrypted differently")
        self._given_context = context
        self.context = context or ""
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """Use the name of the field as the context, unless one was given."""
        super().contribute_to_class(cls, name, private_only)
        self.context = self._given_context or f"{cls._meta.label}.{name}"

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Describe the field for migrations."""
        name, path, args, kwargs = super().deconstruct()
        if self._given_context is not None:
            kwargs["context"] = self._given_context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """A column of bytes."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Encrypt the value."""
        if value is None:
            return None
        return keyring.current().seal(self.to_plain(value), context=self.context)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Decrypt the value."""
        if value is None:
            return None
        return self.from_plain(keyring.current().open(bytes(value), context=self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        """Allow only `isnull`."""
        if lookup_name != "isnull":
            self._refuse(lookup_name)
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Never:
        """Raise an error: an encrypted value has no transforms."""
        self._refuse(lookup_name)

    def _refuse(self, lookup_name: str) -> Never:
        raise FieldError(
            f"{self.context} is encrypted: '{lookup_name}' cannot be asked of it, only 'isnull'. "
            "Look up by a keyed digest in a column of its own."
        )

    @abstractmethod
    def to_plain(self, value: Any) -> bytes:
        """Return the bytes to encrypt."""

    @abstractmethod
    def from_plain(self, plain: bytes) -> Any:
        """Return the value of decrypted bytes."""


class EncryptedBytesField(EncryptedField):
    """Encrypted bytes: keys and other random secrets."""

    empty_strings_allowed = False

    def to_plain(self, value: Any) -> bytes:
        """The bytes."""
        return bytes(value)

    def from_plain(self, plain: bytes) -> bytes:
        """The bytes."""
        return plain


class EncryptedTextField(EncryptedField):
    """Encrypted text."""

    def to_plain(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode(errors="surrogatepass")

    def from_plain(self, plain: bytes) -> str:
        """The text."""
        return plain.decode(errors="surrogatepass")


class EncryptedJSONField(EncryptedField):
    """Encrypted JSON, written with `DjangoJSONEncoder` (dates and decimals are loaded as text).

    None is stored as NULL, not as JSON's null.
    """

    empty_strings_allowed = False

    def to_plain(self, value: Any) -> bytes:
        """JSON in UTF-8."""
        text = json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False, separators=(",", ":"))
        return text.encode(errors="surrogatepass")

    def from_plain(self, plain: bytes) -> Any:
        """What the JSON holds."""
        return json.loads(plain.decode(errors="surrogatepass"))

    def value_to_string(self, obj: models.Model) -> Any:
        """Return the value itself, because serialisers write JSON."""
        return self.value_from_object(obj)
