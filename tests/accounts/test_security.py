"""A member changes the password and signs devices out, on the page and through the API."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone

from mypolis.foundation.events.models import Event
from mypolis.foundation.lib.device_names import name_of_client
from mypolis.membership.accounts.limits import PASSWORD_TRIES
from mypolis.membership.accounts.models import Account, Device
from tests.cast import ANNA, NEW_PASSWORD, PASSWORD
from tests.doors import ApiDoor, PageDoor
from tests.post import Post
from tests.registration.steps import sign_in
from tests.web.safety.sessions import signed_in

PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Mobile Safari/537.36"


@dataclass
class PageMember:
    """Anna in a browser."""

    client: Client
    market: str = "ru"

    def change(self, **form: str) -> tuple[int, set[tuple[str, str]]]:
        return self._told(self.client.post("/ru/security/password/", form))

    def sign_out(self, device_id: object, present: str = PASSWORD) -> tuple[int, set[tuple[str, str]]]:
        return self._told(self.client.post("/ru/security/", {"device_id": str(device_id), "present": present}))

    def is_signed_in(self) -> bool:
        return self.client.get("/ru/home/").status_code == 200

    def secret(self) -> str:
        return self.client.cookies["session-ru"].value

    def _told(self, response: Any) -> tuple[int, set[tuple[str, str]]]:
        if response.status_code == 302:
            return 200, set()
        errors = response.context["form"].errors.as_data()
        return response.status_code, {
            ("" if name == "__all__" else name, error.code) for name, found in errors.items() for error in found
        }


@dataclass
class AppMember:
    """Anna in the app, which keeps the tokens that it is given."""

    client: Client
    access: str

    def change(self, **form: str) -> tuple[int, set[tuple[str, str]]]:
        return self._told(self._post("me/password", form))

    def sign_out(self, device_id: object, present: str = PASSWORD) -> tuple[int, set[tuple[str, str]]]:
        return self._told(self._post("me/devices/signout", {"device_id": str(device_id), "present": present}))

    def is_signed_in(self) -> bool:
        return self.client.get("/api/v1/ru/me", headers=self._bearer).status_code == 200

    def secret(self) -> str:
        return self.access

    def devices(self) -> list[dict[str, Any]]:
        return self.client.get("/api/v1/ru/me/devices", headers=self._bearer).json()["devices"]

    @property
    def _bearer(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.access}"}

    def _post(self, path: str, body: dict[str, str]) -> Any:
        address = f"/api/v1/ru/{path}"
        return self.client.post(address, json.dumps(body), content_type="application/json", headers=self._bearer)

    def _told(self, response: Any) -> tuple[int, set[tuple[str, str]]]:
        body = response.json()
        self.access = body.get("access_token", self.access)
        return response.status_code, {(error["field"], error["code"]) for error in body.get("errors", [])}


type Member = PageMember | AppMember


@pytest.fixture(params=["page", "api"])
def anna(request: pytest.FixtureRequest, post: Post) -> Member:
    """Anna, signed in on a device not seen before; her registration's device is signed in too."""
    client = Client(headers={"accept-language": "en"})
    if request.param == "page":
        signed_in(PageDoor(client), "ru")
        return PageMember(client)
    door = ApiDoor(client)
    signed_in(door, "ru")
    return AppMember(client, door.access)


@pytest.fixture
def phone(anna: Member, post: Post) -> ApiDoor:
    """Her phone, signed in beside."""
    door = ApiDoor(Client(headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.20"))
    sign_in(door, post, ANNA, ANNA.mobile)
    assert door.is_signed_in()
    return door


def new(**changes: str) -> dict[str, str]:
    """The form, filled in."""
    return {"present": PASSWORD, "password": NEW_PASSWORD, "password_repeat": NEW_PASSWORD, **changes}


def kinds(prefix: str) -> list[str]:
    return list(Event.objects.filter(kind__startswith=prefix).order_by("pk").values_list("kind", flat=True))


# The password


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"present": "not this one at all"}, {("present", "wrong")}),
        ({"present": ""}, {("present", "required")}),
        ({"password_repeat": "another"}, {("password_repeat", "mismatch")}),
        ({"password": "short", "password_repeat": "short"}, {("password", "too_short")}),
        ({"password": "Соколова 1988 Анна", "password_repeat": "Соколова 1988 Анна"}, {("password", "personal")}),
        ({"password": PASSWORD, "password_repeat": PASSWORD}, {("password", "same")}),
    ],
    ids=["wrong", "none", "differ", "short", "personal", "same"],
)
def test_a_change_is_refused_and_nothing_is_changed(
    anna: Member, phone: ApiDoor, post: Post, changes: dict[str, str], errors: set[tuple[str, str]]
) -> None:
    secret = anna.secret()
    assert anna.change(**new(**changes)) == (422, errors)
    assert anna.secret() == secret
    assert phone.is_signed_in()
    assert not kinds("account.password_changed")
    assert "password-changed" not in [letter.template for letter in post.to(ANNA.mobile)]


def test_without_the_present_password_nobody_learns_of_what_a_new_one_is_built(anna: Member) -> None:
    personal = {"password": "Соколова 1988 Анна", "password_repeat": "Соколова 1988 Анна"}
    assert anna.change(**new(present="guess", **personal)) == anna.change(**new(present="guess"))
    assert kinds("account.password_") == ["account.password_refused"] * 2


def test_after_ten_wrong_ones_even_the_right_one_waits(anna: Member) -> None:
    for _try in range(PASSWORD_TRIES.most):
        assert anna.change(**new(present="guess"))[0] == 422
    assert anna.change(**new()) == (429, {("", "too_many")})
    assert kinds("account.password_") == ["account.password_refused"] * PASSWORD_TRIES.most


def test_a_changed_password_ends_the_other_sessions_is_told_and_signs_in(
    anna: Member, phone: ApiDoor, post: Post
) -> None:
    assert anna.change(**new()) == (200, set())
    assert anna.is_signed_in()
    assert not phone.is_signed_in()
    assert "password-changed" in [letter.template for letter in post.to(ANNA.mobile)]
    assert kinds("account.password_") == ["account.password_changed"]
    assert sign_in(phone, post, ANNA, ANNA.mobile).status == 422
    assert sign_in(phone, post, ANNA, ANNA.mobile, NEW_PASSWORD).status == 200
    assert phone.is_signed_in()


def test_a_changed_password_gives_this_device_new_tokens(anna: Member) -> None:
    before = anna.secret()
    anna.change(**new())
    assert anna.secret() != before
    thief = PageMember(Client()) if isinstance(anna, PageMember) else AppMember(Client(), before)
    if isinstance(thief, PageMember):
        thief.client.cookies["session-ru"] = before
    assert not thief.is_signed_in()


# Devices


def device_of(door: ApiDoor) -> Device:
    """The row of a device, by its address."""
    return Device.objects.get(address="203.0.113.20")


def test_another_device_is_signed_out_and_forgotten(anna: Member, phone: ApiDoor, post: Post) -> None:
    assert anna.sign_out(device_of(phone).pk) == (200, set())
    assert anna.is_signed_in()
    assert not phone.is_signed_in()
    phone.start("ru", "signin")
    assert phone.answer("credentials", mobile=ANNA.mobile, password=PASSWORD).step == "code", "it is not known any more"


def test_signing_one_out_leaves_the_rest(anna: Member, phone: ApiDoor) -> None:
    first = Device.objects.exclude(address="203.0.113.20").order_by("pk")[0]
    anna.sign_out(first.pk)
    assert phone.is_signed_in()
    signed_out = Event.objects.filter(kind="account.signed_out")
    assert [event.facts["device"] for event in signed_out] == [first.pk]


def test_all_others_are_signed_out_at_once_each_with_its_event(anna: Member, phone: ApiDoor) -> None:
    before = anna.secret()
    assert anna.sign_out("others") == (200, set())
    assert anna.is_signed_in()
    assert anna.secret() != before
    assert Device.objects.filter(session_hash__isnull=False).count() == 1
    assert len(kinds("account.signed_out")) == 2


def test_without_the_present_password_nobody_is_signed_out(anna: Member, phone: ApiDoor) -> None:
    assert anna.sign_out("others", present="guess") == (422, {("present", "wrong")})
    assert anna.sign_out("others", present="") == (422, {("present", "required")})
    assert phone.is_signed_in()


@pytest.mark.parametrize("whose", ["somebody else's", "this very one", "none", "nonsense"])
def test_a_device_that_is_not_another_of_mine_is_no_choice(anna: Member, post: Post, whose: str) -> None:
    somebody_else = PageDoor(Client())
    signed_in(somebody_else, "id")
    mine = Account.objects.get(market="ru").devices.latest("pk")
    device_id = {
        "somebody else's": Account.objects.get(market="id").devices.latest("pk").pk,
        "this very one": mine.pk,
        "none": 0,
        "nonsense": "x",
    }[whose]
    assert anna.sign_out(device_id) == (422, {("device_id", "invalid_choice")})
    assert somebody_else.is_signed_in()
    assert anna.is_signed_in()


def test_the_app_sees_its_devices_and_nothing_of_others(post: Post) -> None:
    door = ApiDoor(Client(headers={"user-agent": PHONE}))
    signed_in(door, "ru")
    signed_in(ApiDoor(Client()), "id")
    anna = AppMember(Client(headers={"user-agent": PHONE, "accept-language": "en"}), door.access)
    devices = anna.devices()
    assert [(one["name"], one["is_current"]) for one in devices] == [
        ("Chrome, Android", True),
        ("Unknown device", False),
    ]
    assert set(devices[0]) == {"id", "name", "address", "signed_in_at", "last_seen_at", "is_current"}


def test_the_page_lists_devices_and_says_what_was_done(post: Post, phone_of_anna: Callable[[], ApiDoor]) -> None:
    client = Client(headers={"accept-language": "en"})
    signed_in(PageDoor(client), "ru")
    phone_of_anna()
    page = client.get("/ru/security/").content.decode()
    assert "Chrome, Android" in page
    assert "This device" in page
    seen = timezone.localtime(Device.objects.latest("pk").last_seen_at, ZoneInfo("Europe/Moscow"))
    assert f"{seen:%H:%M}, 203.0.113.20" in page
    assert "203.0.113.20" in page
    done = client.post("/ru/security/", {"device_id": "others", "present": PASSWORD}, follow=True).content.decode()
    assert "Signed out. The next sign-in on that device will need a code." in done
    assert "You are signed in on this device only." in done
    assert client.get("/ru/security/?done=anything").context["notices"] == []


def test_the_page_tells_what_makes_the_new_password_good_to_people_and_to_its_script(post: Post) -> None:
    client = Client(headers={"accept-language": "en"})
    signed_in(PageDoor(client), "ru")
    page = client.get("/ru/security/password/").content.decode()
    assert re.search(r'data-for="id_password"\s+data-least="12"', page)
    assert "At least 12 characters" in page
    assert 'data-strength-of="id_password"' in page
    assert 'data-same-as="id_password"' in page


@pytest.fixture
def phone_of_anna(post: Post) -> Callable[[], ApiDoor]:
    """Signs Anna's phone in."""

    def sign() -> ApiDoor:
        door = ApiDoor(Client(headers={"user-agent": PHONE}, REMOTE_ADDR="203.0.113.20"))
        sign_in(door, post, ANNA, ANNA.mobile)
        return door

    return sign


def test_the_page_more_leads_there_and_strangers_are_led_to_sign_in(post: Post) -> None:
    client = Client()
    for address in ("/ru/security/", "/ru/security/password/"):
        assert client.get(address)["Location"] == "/ru/signin/"
        assert client.post(address, new())["Location"] == "/ru/signin/"
    signed_in(PageDoor(client), "ru")
    assert 'href="/ru/security/"' in client.get("/ru/more/").content.decode()


@pytest.mark.parametrize(
    ("user_agent", "name"),
    [
        (PHONE, "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1", "Safari, iPhone"),
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0", "Firefox, Linux"),
        ("okhttp/5.1", "Android"),
        ("curl/8.5.0", "curl"),
        ("MyPolisApp/2.1", "Unknown device"),
        ("Your account is blocked, call 0900", "Unknown device"),
        ("", "Unknown device"),
    ],
)  # fmt: skip
def test_a_device_is_called_by_its_browser_and_system(user_agent: str, name: str) -> None:
    assert name_of_client(user_agent) == name
