"""Model fields that are sealed by the key ring on their way to the database and opened on their way back."""

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

    `context` binds a value to its column, so that a sealed value copied elsewhere does not open. It is
    "app.Model.field" unless given; give it when a field or model is renamed. The same value is sealed
    differently each time, so nothing but `isnull` can be asked of it: keep a `KeyRing.digest` beside it for
    look-ups.
    """

    def __init__(self, *args: Any, context: str | None = None, **kwargs: Any) -> None:
        for option in ("unique", "primary_key", "db_index"):
            if kwargs.get(option):
                raise ValueError(f"an encrypted field cannot have {option}: equal values are sealed differently")
        self._given_context = context
        self.context = context or ""
        super().__init__(*args, **kwargs)

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        """The column's name becomes the context, unless one was given."""
        super().contribute_to_class(cls, name, private_only)
        self.context = self._given_context or f"{cls._meta.label}.{name}"

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As migrations write it."""
        name, path, args, kwargs = super().deconstruct()
        if self._given_context is not None:
            kwargs["context"] = self._given_context
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """A column of bytes."""
        return "BinaryField"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Sealed, for the database."""
        if value is None:
            return None
        return keyring.current().seal(self.to_plain(value), context=self.context)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Opened, from the database."""
        if value is None:
            return None
        return self.from_plain(keyring.current().open(bytes(value), context=self.context))

    def get_lookup(self, lookup_name: str) -> Any:
        """Nothing but `isnull` can be asked."""
        if lookup_name != "isnull":
            self._refuse(lookup_name)
        return super().get_lookup(lookup_name)

    def get_transform(self, lookup_name: str) -> Never:
        """Nothing can be taken out of a sealed value."""
        self._refuse(lookup_name)

    def _refuse(self, lookup_name: str) -> Never:
        raise FieldError(
            f"{self.context} is encrypted: '{lookup_name}' cannot be asked of it, only 'isnull'. "
            "Look up by a keyed digest in a column of its own."
        )

    @abstractmethod
    def to_plain(self, value: Any) -> bytes:
        """The bytes to seal."""

    @abstractmethod
    def from_plain(self, plain: bytes) -> Any:
        """The value of opened bytes."""


class EncryptedBytesField(EncryptedField):
    """Bytes, sealed: keys and other secrets that were drawn, not typed."""

    empty_strings_allowed = False

    def to_plain(self, value: Any) -> bytes:
        """The bytes."""
        return bytes(value)

    def from_plain(self, plain: bytes) -> bytes:
        """The bytes."""
        return plain


class EncryptedTextField(EncryptedField):
    """Text, sealed."""

    def to_plain(self, value: Any) -> bytes:
        """UTF-8."""
        return str(value).encode(errors="surrogatepass")

    def from_plain(self, plain: bytes) -> str:
        """The text."""
        return plain.decode(errors="surrogatepass")


class EncryptedJSONField(EncryptedField):
    """What `DjangoJSONEncoder` can write (dates and decimals come back as text), sealed.

    None is NULL, not JSON's null.
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
        """The value itself: serialisers write JSON."""
        return self.value_from_object(obj)
