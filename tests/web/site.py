"""The portal's public pages: their URLs, and walks that keep every page they get."""

from typing import Any

from django.test import Client

from mypolis.foundation.markets import all_markets
from tests.cast import ANNA, BUDI, JELENA, NEW_PASSWORD, PASSWORD, on_file
from tests.doors import PageDoor, Reply
from tests.post import Post
from tests.registration.steps import card_form, client_form, open_form, solved

MARKETS = ("rs", "id", "ru")
CHOOSER = "/"
FIRST_PAGES = [
    *("/rs/register/", "/rs/register/client/", "/rs/signin/", "/rs/recover/"),
    *("/id/register/", "/id/register/group/", "/id/register/individual/", "/id/register/sharia/", "/id/signin/"),
    *("/id/recover/", "/id/recover-username/", "/id/recover-username/group/"),
    *("/ru/register/", "/ru/register/open/", "/ru/signin/", "/ru/recover/"),
]
LANDINGS = [f"/{market}/" for market in MARKETS]


def legal_pages() -> list[str]:
    """Return the URL of every legal text of every market."""
    return [f"/{code}/legal/{key}/" for code, profile in all_markets().items() for key in profile.documents]


class SeeingDoor(PageDoor):
    """Keeps every page, after redirects, under a name for the test's message."""

    def __init__(self, client: Client) -> None:
        super().__init__(client)
        self.pages: dict[str, Any] = {}

    def _read(self, response: Any) -> Reply:
        reply = super()._read(response)
        name = f"{response.request['PATH_INFO']} {reply.step or 'end'} {response.status_code}"
        self.pages[f"{name}{' again' if name in self.pages else ''}"] = response
        return reply


def see_serbia(door: PageDoor, post: Post) -> None:
    """Register with a new e-mail and wrong answers on the way, see the last page, and recover access."""
    on_file(JELENA)
    door.start("rs", "register", "client")
    door.answer("identity", national_id="1", mobile="x")
    door.answer("identity", **client_form(email="new@example.test"))
    door.answer("code", code="12")
    door.answer("code", code=post.code(JELENA.mobile))
    door.answer("email-code", code=post.code("new@example.test"))
    door.look()
    door.start("rs", "recover")
    number = JELENA.policy_number
    door.answer("identity", national_id=JELENA.national_id, policy_number=number, captcha=solved())


def see_indonesia(door: PageDoor, post: Post) -> None:
    """Register from the choice of the policy type to the end, signed in, and open home."""
    on_file(BUDI)
    door.start("id", "register")
    door.answer("policy-type")
    door.answer("policy-type", policy_type="group")
    door.answer("identity", **card_form(email="other@example.test"))
    door.answer("identity", **card_form())
    door.answer("licence")
    door.answer("licence", accept_licence=True)
    door.resend()
    door.answer("code", code=post.code(BUDI.email))
    door.answer("username")
    door.answer("password", password="short", password_repeat="other")
    door.answer("password", password=NEW_PASSWORD, password_repeat=NEW_PASSWORD)
    door.address = "/id/home/"
    door.look()


def see_russia(door: PageDoor, post: Post) -> None:
    """Register without a link, open the link that confirms the e-mail, and open home."""
    on_file(ANNA)
    door.start("ru", "register", "open")
    door.answer("identity", **open_form(ANNA, password_repeat="x"))
    door.answer("identity", **open_form(ANNA))
    door.answer("code", code=post.code(ANNA.mobile))
    link = post.to(ANNA.email)[0].links[0]
    door.address = link[link.index("/ru/") :]
    door.look()
    door._post({})
    door.look()
    door.address = "/ru/home/"
    door.look()
    door.start("ru", "signin")
    door.answer("credentials", mobile=ANNA.mobile, password=PASSWORD[::-1])


WALKS = {"rs": see_serbia, "id": see_indonesia, "ru": see_russia}
