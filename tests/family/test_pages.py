"""Every page about families follows the rules for all pages, in every language of its market, for every role."""

import pytest

from mypolis.foundation.markets import all_markets
from mypolis.membership.family.flows import keep_private
from mypolis.membership.family.models import Mandate
from tests.family.giving import give_mandate, offer
from tests.family.home import ADDRESS, Asker, account, aged, insure, person, policy
from tests.house.pages.test_pages import assert_guarded, assert_well_made

pytestmark = pytest.mark.django_db

WORDS = {
    "sr-latn": ("Porodica", "Dete"),
    "sr-cyrl": ("Породица", "Дете"),
    "id": ("Keluarga", "Anak"),
    "ru": ("Семья", "Ребёнок"),
    "en": ("Family", "Child"),
}


@pytest.mark.parametrize("code", ["rs", "id", "ru"])
def test_every_page_in_every_language(code: str) -> None:
    mother, aunt = person("Mira", aged(44), code=code), person("Olga", aged(50), code=code)
    shown, hidden, soon = (
        person(name, aged(years, in_days=ahead), code=code)
        for name, years, ahead in (("Luka", 9, 0), ("Iva", 16, 0), ("Ana", 18, 20))
    )
    insure(mother, policy(code=code), "policyholder")
    for child in (shown, hidden, soon, person("Petar", aged(45), code=code)):
        insure(child, policy(code=code), "spouse" if child.given_name == "Petar" else "child")
    mira, olga, iva = Asker(account(mother)), Asker(account(aunt)), Asker(account(hidden))
    keep_private(account=iva.account, is_private=True, by=ADDRESS)
    give_mandate(olga, mira)
    offer(mira, olga)
    given, waiting = (Mandate.objects.get(giver=one.account).pk for one in (olga, mira))
    friend = Asker(account(person("Vera", aged(52), code=code)))
    for_claims = offer(mira, friend, scopes=["cover", "claims"])
    paths = [(mira, path) for path in ("", "share/", "share/sent/", "seers/")]
    paths += [(mira, f"people/{who.pk}/") for who in (shown, hidden, soon, aunt)]
    paths += [(iva, "seers/"), (iva, ""), (olga, f"mandates/{waiting}/"), (olga, "seers/")]
    paths += [(olga, f"mandates/{given}/claims/"), (friend, f"mandates/{for_claims}/"), (friend, "")]
    for language in all_markets()[code].languages:
        for asker, path in paths:
            answer = asker.page_client.get(f"/{code}/family/{path}", headers={"accept-language": language})
            assert answer.status_code == 200, path
            assert_well_made(answer)
            assert_guarded(answer)
            assert answer["Content-Language"].lower() == language
            assert WORDS[language][0] in answer.content.decode()
        page = mira.page_client.get(f"/{code}/family/", headers={"accept-language": language}).content.decode()
        assert WORDS[language][1] in page
        young = iva.page_client.get(f"/{code}/family/share/", headers={"accept-language": language})
        assert young.status_code == 403
        assert_well_made(young)
