"""The pages of each kind of journey show what its room declares for them."""

import pytest
from django.test import Client

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("page", "links", "heading"),
    [
        ("/rs/register/", ["/rs/signin/"], "Need help signing up?"),
        ("/id/signin/", ["/id/recover/", "/id/recover-username/", "/id/register/"], "Need help?"),
        ("/rs/signin/", ["/rs/recover/", "/rs/register/"], "Need help?"),
        ("/rs/recover/", ["/rs/signin/"], "Need help?"),
        ("/id/recover-username/", ["/id/signin/"], "Need help?"),
    ],
)
def test_a_first_page_says_where_else_to_go(client: Client, page: str, links: list[str], heading: str) -> None:
    text = client.get(page, headers={"accept-language": "en"}).content.decode()
    beside = text[text.index('class="beside"') : text.index("</aside>")]
    assert [link for link in links if f'href="{link}"' not in beside] == []
    assert beside.count("href=") == len(links)
    assert heading in text


def test_a_kind_without_words_of_its_own_has_the_common_page(client: Client) -> None:
    drawings = [
        client.get(page).content.decode().partition('class="beside"')[2].partition("</svg>")[0]
        for page in ("/rs/register/", "/rs/signin/", "/rs/recover/")
    ]
    assert drawings[0] != drawings[1] == drawings[2]
