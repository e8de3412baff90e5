"""The shapes of the JSON about a member's own sessions, for reading bodies and for the OpenAPI document."""

from datetime import datetime

from ninja import Schema
from pydantic import Field

from mypolis.foundation.journeys.schemas import Strict


class ChangePassword(Strict):
    """The present password and the new one, twice."""

    present: str = Field("", max_length=1024)
    password: str = Field("", max_length=1024)
    password_repeat: str = Field("", max_length=1024)


class SignOutDevice(Strict):
    """A device's id, or `others` for all but this one; and the present password."""

    device_id: str = Field("", max_length=20)
    present: str = Field("", max_length=1024)


class DeviceDoc(Schema):
    """A device with a session. `name` is derived from its user agent."""

    id: str
    name: str
    address: str
    signed_in_at: datetime | None
    last_seen_at: datetime | None
    is_current: bool


class DevicesDoc(Schema):
    """Every device that is signed in, this one first."""

    devices: list[DeviceDoc]


class TokensDoc(Schema):
    """New tokens for this device. The old ones no longer work."""

    access_token: str
    device_token: str
