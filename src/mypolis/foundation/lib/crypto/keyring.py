"""The key ring: encrypts stored values, makes digests for look-ups, and gives the pepper for password hashes.

The ring is a JSON file of mode 0600, ``{"primary": "k2", "keys": {"k1": "<base64 of 32 bytes>", ...}}``.
HKDF-SHA256 derives three subkeys from every key, one for each use, so that a leaked subkey does not reveal the others.
To rotate: `add_key`, wait until every server has read it (longer than `RECHECK_SECONDS`), `promote`, wait again,
re-encrypt and re-hash, `retire`.
"""

import base64
import binascii
import fcntl
import hashlib
import hmac
import json
import os
import re
import secrets
import stat
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECHECK_SECONDS = 1.0

_KEY_BYTES = 32
_NONCE_BYTES = 12
_FORMAT = 1
_KEY_ID = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


class KeyRingError(Exception):
    """The ring cannot be read, or it cannot decrypt a value. The message never contains a key or a plaintext."""


@dataclass(frozen=True, slots=True)
class _Subkeys:
    seal: AESGCM
    digest: bytes
    pepper: bytes


@dataclass(frozen=True, slots=True, eq=False)
class KeyRing:
    """The keys by id, and the id of the primary key, which encrypts.

    `keys` maps an id to 32 bytes. `repr` never shows either.
    """

    primary: str
    keys: Mapping[str, bytes] = field(repr=False)
    _subkeys: Mapping[str, _Subkeys] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.primary not in self.keys:
            raise KeyRingError("the primary key is not in the ring")
        for key_id, key in self.keys.items():
            if not _KEY_ID.fullmatch(key_id):
                raise KeyRingError("a key id must be 1 to 32 of a-z, 0-9, '-' and '_'")
            if len(key) != _KEY_BYTES:
                raise KeyRingError(f"key {key_id} is not {_KEY_BYTES} bytes long")
        object.__setattr__(self, "_subkeys", {key_id: _derive(key) for key_id, key in self.keys.items()})

    @classmethod
    def load(cls, path: Path) -> "KeyRing":
        """Read the ring. Raises `KeyRingError` if the file is missing, malformed or accessible to other users."""
        return _read(path)[0]

    def seal(self, plain: bytes, *, context: str) -> bytes:
        """Encrypt with the primary key. Only `open` with the same `context` can decrypt it.

        Layout: format (1 byte), length of the key id (1), key id, nonce (12), AES-256-GCM ciphertext and tag.
        """
        header = _header(self.primary)
        nonce = secrets.token_bytes(_NONCE_BYTES)
        body = self._subkeys[self.primary].seal.encrypt(nonce, plain, header + context.encode())
        return header + nonce + body

    def open(self, sealed: bytes, *, context: str) -> bytes:
        """Decrypt what was encrypted for this context.

        Raises `KeyRingError` for anything else, without saying what is wrong.
        """
        key_id = self.key_of(sealed)
        if key_id not in self._subkeys:
            raise KeyRingError(f"key {key_id} is not in the ring")
        header = _header(key_id)
        nonce, body = sealed[len(header) :][:_NONCE_BYTES], sealed[len(header) + _NONCE_BYTES :]
        try:
            return self._subkeys[key_id].seal.decrypt(nonce, body, header + context.encode())
        except (InvalidTag, ValueError):
            raise KeyRingError("the encrypted value was changed, or belongs to another context") from None

    def key_of(self, sealed: bytes) -> str:
        """Return the id of the key that encrypted it, even if the ring no longer has that key."""
        if len(sealed) < 2 or sealed[0] != _FORMAT:
            raise KeyRingError("not an encrypted value")
        key_id = sealed[2 : 2 + sealed[1]].decode("ascii", errors="replace")
        if not _KEY_ID.fullmatch(key_id) or len(key_id) != sealed[1]:
            raise KeyRingError("not an encrypted value")
        return key_id

    def digest(self, value: str, *, purpose: str) -> bytes:
        """Return 32 bytes for looking the value up: HMAC-SHA256 with the primary key, different for each purpose."""
        return self._digest(self.primary, value, purpose)

    def digests(self, value: str, *, purpose: str) -> list[bytes]:
        """Return the value's digest under every key, the primary key first, for look-ups during a rotation."""
        key_ids = [self.primary, *(key_id for key_id in self.keys if key_id != self.primary)]
        return [self._digest(key_id, value, purpose) for key_id in key_ids]

    def pepper(self, key_id: str | None = None) -> tuple[str, bytes]:
        """Return a key's id and its 32-byte pepper for password hashes; by default of the primary key."""
        key_id = key_id or self.primary
        if key_id not in self._subkeys:
            raise KeyRingError(f"key {key_id} is not in the ring")
        return key_id, self._subkeys[key_id].pepper

    def _digest(self, key_id: str, value: str, purpose: str) -> bytes:
        # The purpose's length comes first, so that different pairs of purpose and value never give the same input.
        label = purpose.encode()
        # Every text that a stranger sends must have a digest, even one with a lone surrogate.
        message = len(label).to_bytes(4) + label + value.encode(errors="surrogatepass")
        return hmac.new(self._subkeys[key_id].digest, message, hashlib.sha256).digest()


def create(path: Path) -> KeyRing:
    """Write a ring with one new key into an existing folder.

    Raises `FileExistsError` if a ring exists.
    """
    with _directory_locked(path):
        if path.exists():
            raise FileExistsError(f"{path} exists already")
        ring = KeyRing("k1", {"k1": secrets.token_bytes(_KEY_BYTES)})
        _write(path, ring)
    return ring


def add_key(path: Path) -> str:
    """Add a new key, which can decrypt but does not encrypt yet. Returns its id."""
    with _directory_locked(path):
        ring = KeyRing.load(path)
        numbers = [int(key_id[1:]) for key_id in ring.keys if re.fullmatch(r"k\d+", key_id)]
        key_id = f"k{max(numbers, default=0) + 1}"
        _write(path, replace(ring, keys={**ring.keys, key_id: secrets.token_bytes(_KEY_BYTES)}))
    return key_id


def promote(path: Path, key_id: str) -> None:
    """Make the key primary: from now on it encrypts and makes digests."""
    with _directory_locked(path):
        ring = KeyRing.load(path)
        if key_id not in ring.keys:
            raise KeyRingError(f"key {key_id} is not in the ring")
        _write(path, replace(ring, primary=key_id))


def retire(path: Path, key_id: str) -> None:
    """Delete the key. What is still encrypted with it is lost. The primary key cannot be deleted."""
    with _directory_locked(path):
        ring = KeyRing.load(path)
        if key_id not in ring.keys:
            raise KeyRingError(f"key {key_id} is not in the ring")
        if key_id == ring.primary:
            raise KeyRingError(f"key {key_id} is the primary: promote another one first")
        _write(path, replace(ring, keys={kept: key for kept, key in ring.keys.items() if kept != key_id}))


@dataclass(frozen=True, slots=True)
class _Followed:
    path: Path
    ring: KeyRing
    state: tuple[int, int]
    checked_at: float


_following = threading.Lock()
_followed: _Followed | None = None


def current() -> KeyRing:
    """Return the ring in `settings.MYPOLIS.keys_file`. Changes of the file are noticed within `RECHECK_SECONDS`.

    Raises `KeyRingError` if the file is missing or invalid. Thread-safe.
    """
    from django.conf import settings  # noqa: PLC0415 - the file operations above need no configured Django

    path: Path | None = settings.MYPOLIS.keys_file
    if path is None:
        raise KeyRingError("no key ring: MYPOLIS_KEYS_FILE is not set")
    known = _fresh(path)
    if known is None:
        with _following:
            known = _fresh(path) or _follow(path)
    return known.ring


def _fresh(path: Path) -> _Followed | None:
    known = _followed
    if known and known.path == path and time.monotonic() - known.checked_at < RECHECK_SECONDS:
        return known
    return None


def _follow(path: Path) -> _Followed:
    global _followed  # noqa: PLW0603 - one ring per process, replaced whole
    now = time.monotonic()
    if _followed and _followed.path == path and _state_of(path) == _followed.state:
        _followed = replace(_followed, checked_at=now)
    else:
        ring, state = _read(path)
        _followed = _Followed(path, ring, state, now)
    return _followed


def _state_of(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns


def _read(path: Path) -> tuple[KeyRing, tuple[int, int]]:
    """Return the ring and the state of the same open file."""
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            content = file.read()
    except OSError as error:
        raise KeyRingError(f"the key ring {path} cannot be read: {error.strerror}") from None
    if stat.S_IMODE(found.st_mode) & 0o077:
        raise KeyRingError(f"the key ring {path} is accessible to other users: run chmod 600 on it")
    return _parse(content, path), (found.st_ino, found.st_mtime_ns)


def _parse(content: bytes, path: Path) -> KeyRing:
    try:
        document = json.loads(content)
        keys = {str(key_id): base64.b64decode(key, validate=True) for key_id, key in document["keys"].items()}
        return KeyRing(str(document["primary"]), keys)
    except (ValueError, KeyError, TypeError, AttributeError, binascii.Error):
        # `from None`, because the message of the cause would quote the file.
        raise KeyRingError(
            f"the key ring {path} is not of the form {{'primary': id, 'keys': {{id: base64}}}}"
        ) from None


@contextmanager
def _directory_locked(path: Path) -> Iterator[None]:
    """Allow one writer at a time. It locks the directory, because each write replaces the file."""
    try:
        directory = os.open(path.parent, os.O_RDONLY)
    except OSError as error:
        raise KeyRingError(f"the folder {path.parent} cannot be opened: {error.strerror}") from None
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
        os.fsync(directory)
    finally:
        os.close(directory)


def _write(path: Path, ring: KeyRing) -> None:
    """Replace the file atomically: a reader sees the old or the new ring, even after a power failure."""
    keys = {key_id: base64.b64encode(key).decode() for key_id, key in ring.keys.items()}
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w") as file:
            json.dump({"primary": ring.primary, "keys": keys}, file, indent=2)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _header(key_id: str) -> bytes:
    return bytes([_FORMAT, len(key_id)]) + key_id.encode("ascii")


def _derive(key: bytes) -> _Subkeys:
    def subkey(use: str) -> bytes:
        return HKDF(SHA256(), _KEY_BYTES, salt=None, info=f"mypolis {use}".encode()).derive(key)

    return _Subkeys(seal=AESGCM(subkey("seal")), digest=subkey("digest"), pepper=subkey("pepper"))
