"""A walk through the directory of providers and their programs. Tests watch every write."""

from mypolis.insurance.providers.flows import end_token
from tests.providers.clinic import OPERATOR, CounterProgram, clinic


def let_providers_in() -> None:
    """Load a provider, change it, issue a token, use it, and end it."""
    clinic()
    program = CounterProgram(clinic("KM-01", "Klinik Melati Baru", "inner"))
    assert program.me().status_code == 200
    assert program.post("card-checks", {"code": "unknown"}).status_code == 404
    assert end_token(market="id", token_id=program.token.pk, by=OPERATOR)
