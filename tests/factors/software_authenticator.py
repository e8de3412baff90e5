"""An authenticator in software: it makes the answers that a browser would send, with real keys and signatures."""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256

PRESENT, VERIFIED, ELIGIBLE, BACKED_UP, HAS_KEY = 0x01, 0x04, 0x08, 0x10, 0x40


def encoded(raw: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def decoded(text: str) -> bytes:
    """The bytes of base64url without padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@dataclass
class SoftwareAuthenticator:
    """One key on one device. Change its attributes to make it behave badly.

    `count` grows by one with each use unless it is 0, as on devices that do not count.
    """

    origin: str = "http://localhost:8000"
    key: EllipticCurvePrivateKey = field(default_factory=lambda: generate_private_key(SECP256R1()))
    credential_id: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: bytes = b""
    count: int = 0
    flags: int = PRESENT | VERIFIED | ELIGIBLE | BACKED_UP
    rp_id: str = ""
    cross_origin: bool | None = False

    def create(self, options: str, **instead: Any) -> str:
        """The answer to `navigator.credentials.create`; `instead` replaces parts of the response."""
        asked = json.loads(options)
        self.handle = decoded(asked["user"]["id"])
        numbers = self.key.public_key().public_numbers()
        x, y = numbers.x.to_bytes(32, "big"), numbers.y.to_bytes(32, "big")
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: x, -3: y})
        credential = bytes(16) + len(self.credential_id).to_bytes(2, "big") + self.credential_id + public
        data = self._data(asked["rp"]["id"], self.flags | HAS_KEY) + credential
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": encoded(self._client_data("webauthn.create", asked["challenge"])),
            "attestationObject": encoded(attestation),
            "transports": ["internal"],
        }
        return self._answer({**response, **instead})

    def get(self, options: str, **instead: Any) -> str:
        """The answer to `navigator.credentials.get`; `instead` replaces parts of the response."""
        asked = json.loads(options)
        self.count += bool(self.count)
        data = self._data(asked["rpId"], self.flags)
        client = self._client_data("webauthn.get", asked["challenge"])
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ECDSA(SHA256()))
        response = {
            "clientDataJSON": encoded(client),
            "authenticatorData": encoded(data),
            "signature": encoded(signature),
            "userHandle": encoded(self.handle),
        }
        return self._answer({**response, **instead})

    def _data(self, rp_id: str, flags: int) -> bytes:
        party = hashlib.sha256((self.rp_id or rp_id).encode()).digest()
        return party + bytes([flags]) + self.count.to_bytes(4, "big")

    def _client_data(self, kind: str, challenge: str) -> bytes:
        told = {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": self.cross_origin}
        return json.dumps(told).encode()

    def _answer(self, response: dict[str, Any]) -> str:
        shown = {name: value for name, value in response.items() if value is not None}
        key = encoded(self.credential_id)
        return json.dumps({"id": key, "rawId": key, "type": "public-key", "response": shown})
