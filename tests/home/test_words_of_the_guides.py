"""The pages have exactly the labels that the three insurers' guides name.

Claims, providers and articles do not exist yet, so their labels (eClaim, Klaim Baru, Data Peserta, Data Perawatan,
Ajukan Klaim, Kata Nasabah, Daftar Rumah Sakit Rekanan) are not checked.
"""

import re
from pathlib import Path

import pytest
from django.test import Client

from mypolis.membership.people.models import Membership
from tests.cast import ANNA, BUDI, JELENA, PASSWORD, TICKS, Somebody, on_file
from tests.coverage.books import loaded
from tests.doors import PageDoor
from tests.post import Post
from tests.registration.steps import card_form, register

GUIDES = {
    "rs": ("Kreiraj nalog", "Uloguj se", "Prijavi se", "Zaboravljena lozinka", "Pošalji"),
    "id": (
        *("Daftar", "Jenis Polis", "Nomor Polis", "Nomor Peserta", "Tanggal Lahir", "Metode Verifikasi"),
        *("Buat Password", "Konfirmasi Password", "Menu Utama", "Lupa Password", "eCard", "Informasi Kepesertaan"),
        *("Detail", "Lihat Detail", "Tipe Manfaat", "Butuh Bantuan"),
    ),
    "ru": (
        *("Зарегистрироваться", "Номер полиса", "Мобильный телефон", "Подтверждение пароля"),
        "Нужна помощь для регистрации",
    ),
}
FIRST = ("", "signin/", "recover/", "register/")


class Pages:
    """The texts that somebody reads on the way through a market, in its main language."""

    def __init__(self, market: str) -> None:
        self.market = market
        self.read: list[str] = []
        self.client = Client(headers={"accept-language": {"rs": "sr-Latn"}.get(market, market)})

    def open(self, *paths: str) -> None:
        for path in paths:
            self.read.append(self.client.get(f"/{self.market}/{path}", follow=True).content.decode())

    def texts(self) -> set[str]:
        """Return every text between two tags, without a star or question mark at its end."""
        return {" ".join(text.split()).rstrip("*? ") for page in self.read for text in re.split(r"<[^>]*>", page)}


def _walk_in(pages: Pages, post: Post, somebody: Somebody) -> None:
    """Register, and read every page."""
    door = PageDoor(pages.client)
    if somebody is not BUDI:
        register(door, post, somebody)
        return
    door.start("id", "register", "group")
    for step, answers in (
        ("identity", card_form(BUDI)),
        ("licence", {"accept_licence": True}),
        ("code", {}),
        ("username", {}),
        ("password", {"password": PASSWORD, "password_repeat": PASSWORD}),
    ):
        pages.open("register/group/")
        door.answer(step, **(answers or ({"code": post.code(BUDI.email)} if step == "code" else {})))
    pages.open("register/group/")


@pytest.mark.parametrize("somebody", [JELENA, BUDI, ANNA], ids=lambda one: one.market)
def test_every_label_of_the_guide_is_on_a_page(post: Post, tmp_path: Path, somebody: Somebody) -> None:
    loaded(tmp_path)
    on_file(somebody)
    Membership.objects.update(plan="Gold")
    pages = Pages(somebody.market)
    pages.open(*FIRST, *(["register/open/"] if somebody is ANNA else []))
    _walk_in(pages, post, somebody)
    pages.open("home/", "cover/", f"cover/{Membership.objects.get().pk}/", "card/")
    assert set(GUIDES[somebody.market]) - pages.texts() == set()


def test_in_russia_there_are_three_ticks(db: None) -> None:
    pages = Pages("ru")
    pages.open("register/open/")
    assert re.findall(r'type="checkbox" name="(\w+)"', pages.read[0]) == list(TICKS)


@pytest.mark.parametrize(("path", "button"), [("", "Uloguj se"), ("signin/", "Prijavi se"), ("recover/", "Pošalji")])
def test_in_serbia_each_button_is_where_the_guide_has_it(db: None, path: str, button: str) -> None:
    pages = Pages("rs")
    pages.open(path)
    assert re.search(rf'class="button[^>]*>\s*{button}\s*<', pages.read[0])


def test_in_indonesia_the_card_is_the_ecard(post: Post) -> None:
    on_file(BUDI)
    pages = Pages("id")
    _walk_in(pages, post, BUDI)
    pages.open("card/")
    assert "<h1>eCard</h1>" in pages.read[-1]
