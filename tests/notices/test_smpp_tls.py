"""An SMPP centre over TLS: its certificate is checked before anything is sent, and many threads can send at once."""

import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from mypolis.foundation.notices.gateways import DeliveryFailed
from mypolis.foundation.notices.sms.smpp import SmppGateway
from tests.notices.fake_centre import FakeCentre
from tests.notices.test_sms_gateways import SMS, _address
from tests.waiting import until


def certificate(folder: Path, address: str) -> Path:
    """Make a self-signed certificate with its key, for a centre at this address."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "centre")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{address}.pem"
    encoding, form = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8
    path.write_bytes(made.public_bytes(encoding) + key.private_bytes(encoding, form, serialization.NoEncryption()))
    return path


def centre_with(path: Path) -> FakeCentre:
    """Run a centre with this certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return FakeCentre(tls=context)


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeCentre]:
    """A centre whose certificate this machine trusts."""
    path = certificate(tmp_path, "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with centre_with(path).serving() as centre:
        yield centre


def gateway(centre: FakeCentre, monkeypatch: pytest.MonkeyPatch) -> SmppGateway:
    """A gateway whose receipts are not stored."""
    monkeypatch.setattr("mypolis.foundation.notices.sms.smpp_receipts.receive_by_gateway", lambda *args, **more: True)
    return SmppGateway("smpp", _address(centre.url()))


def test_a_centre_of_an_unknown_authority_gets_no_password(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with centre_with(certificate(tmp_path, "127.0.0.1")).serving() as centre, pytest.raises(DeliveryFailed) as failure:
        gateway(centre, monkeypatch).send(SMS)
    assert (failure.value.down, centre.binds, centre.shorts) == (True, 0, [])


def test_nor_does_one_that_shows_the_certificate_of_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = certificate(tmp_path, "127.0.0.2")
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    with centre_with(path).serving() as centre, pytest.raises(DeliveryFailed) as failure:
        gateway(centre, monkeypatch).send(SMS)
    assert (failure.value.down, centre.binds) == (True, 0)


def test_many_at_once_over_one_line_all_arrive_and_receipts_between_them(
    trusted: FakeCentre, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = gateway(trusted, monkeypatch)
    texts = [f"Polis: {number:04}" for number in range(200)]
    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda text: line.send(replace(SMS, text=text)), texts))
    until(lambda: len(trusted.answers) == len(texts))
    line.hang_up()
    assert {status for _command, status in trusted.answers} == {0}, "every receipt was taken"
    assert (len(set(ids)), trusted.binds) == (200, 1)
    assert sorted(short.text for short in trusted.shorts) == texts


def test_a_line_that_broke_is_bound_anew(trusted: FakeCentre, monkeypatch: pytest.MonkeyPatch) -> None:
    line = gateway(trusted, monkeypatch)
    assert line.send(SMS) == "c-1"
    trusted.hang_up()
    until(lambda: line.is_idle)
    assert line.send(SMS) == "c-2"
    line.hang_up()
    assert trusted.binds == 2
