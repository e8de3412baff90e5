"""The Indonesian guide's path: home, Informasi Kepesertaan, Detail, Lihat Detail, Tipe Manfaat; and its eCard."""

import re
from pathlib import Path

from tests.coverage.test_cover_pages import Reader
from tests.post import Post


def test_the_guides_path_leads_from_home_to_the_types_of_benefit(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path)
    indonesian = {"accept-language": "id"}
    home = budi.client.get("/id/home/", headers=indonesian).content.decode()
    assert "Informasi Kepesertaan" in home
    assert f'<a href="{budi.policy}">Detail<' in home
    assert "eCard" in home
    policy = budi.client.get(budi.policy, headers=indonesian).content.decode()
    assert '<a href="#benefits">Lihat Detail</a>' in policy
    assert 'id="benefits"' in policy
    assert "Tipe Manfaat" in policy
    assert re.search(r'href="/id/claims/"[^>]*>.*?<span>eClaim</span>', home, re.S)


def test_what_to_do_has_the_number_to_call(post: Post, tmp_path: Path) -> None:
    budi = Reader(tmp_path)
    page = budi.client.get(f"{budi.policy}doctor/").content.decode()
    assert 'href="tel:' in page.partition('id="todo"')[2].partition("</section>")[0]
