"""A walk through the directory of providers, their programs, and guarantees. Tests watch every write."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from unittest.mock import patch

from django.test import Client
from django.utils import timezone

from mypolis.foundation.events import Actor
from mypolis.foundation.lib.crypto.tokens import hash_token
from mypolis.foundation.markets import market
from mypolis.insurance.guarantees.jobs import forget
from mypolis.insurance.guarantees.letters.letters import newest_paper
from mypolis.insurance.guarantees.lifecycle.deciding import extend, make_final, refuse, revoke
from mypolis.insurance.guarantees.models import Guarantee, GuaranteeLetter
from mypolis.insurance.providers.flows import end_token
from mypolis.membership.accounts.models import Account
from tests.cast import BUDI, on_file
from tests.events.walks import ADDRESS, CLIENT, STRANGER, behind_the_products_back
from tests.family.home import account
from tests.guarantees import world
from tests.providers.clinic import OPERATOR, CounterProgram, clinic
from tests.staff.world import Colleague, at_desk, colleague


def let_providers_in() -> None:
    """Load a provider, change it, issue a token, use it, and end it."""
    clinic()
    program = CounterProgram(clinic("KM-01", "Klinik Melati Baru", "inner"))
    assert program.me().status_code == 200
    assert program.post("card-checks", {"code": "unknown"}).status_code == 404
    assert end_token(market="id", token_id=program.token.pk, by=OPERATOR)


def guarantee_treatment() -> None:
    """Ask for guarantees, give, extend and settle one, refuse one, and revoke one."""
    person = on_file(BUDI.but(given_name="Guntur", participant_number="000889", email="guntur@example.test"))
    person.memberships.update(plan="Gold")
    member: Account = account(person, by=STRANGER)
    by = Actor("member", str(member.pk), ADDRESS, CLIENT)
    letter = world.given(member, "200", by=by)
    later = letter.planned_to + timedelta(days=1)
    paper, _file = newest_paper(letter) or (None, None)
    assert paper is not None
    with behind_the_products_back():
        GuaranteeLetter.objects.filter(pk=paper.pk).update(code_hash=hash_token("a-code-that-the-walk-knows"))
    page = Client(headers={"user-agent": CLIENT}, REMOTE_ADDR=ADDRESS).get("/id/g/a-code-that-the-walk-knows")
    assert page.status_code == 200
    letter = extend(guarantee=letter, expected=Decimal(300), planned_to=later, by=OPERATOR)
    letter = make_final(guarantee=letter, expected=Decimal(400), by=OPERATOR)
    world.billed(member, letter, "100")
    world.billed(member, letter, "100", is_last=True)
    refused = refuse(guarantee=world.asked(member, by=by), reason="No.", by=OPERATOR)
    with behind_the_products_back():
        long_ago = timezone.now() - timedelta(days=4000)
        Guarantee.objects.filter(pk=refused.pk).update(asked_at=long_ago)
        refused.changes.update(at=long_ago)
    forget.func(0)
    revoke(guarantee=world.given(member, "100", by=by), reason="Cancelled.", by=OPERATOR)
    _decide_at_the_desk(world.asked(member, "50", by=by))


def _decide_at_the_desk(asked: Guarantee) -> None:
    """An assessor takes a guarantee, puts it back, and proposes a promise that a senior sends back, then confirms."""
    with behind_the_products_back():
        rina, maya = colleague("Rina", "assessor", market="id"), colleague("Maya", "senior-assessor", market="id")
    first, second = at_work(rina), at_work(maya)
    base = f"/desk/id/guarantees/{asked.pk}/"
    terms = {"expected": "50", "valid_until": asked.usual_end.isoformat(), "shown": "50"}
    nothing = replace(market("id").claims, authority={})
    with patch.object(Guarantee, "profile", replace(market("id"), claims=nothing)):
        for browser, page, form in (
            (first, "take/", {}),
            (first, "put-back/", {}),
            (first, "take/", {}),
            (first, "give/", terms),
            (second, "take/", {}),
            (second, "send-back/", {"remark": "Ask for the estimate."}),
            (first, "take/", {}),
            (first, "give/", terms),
            (second, "take/", {}),
            (second, "confirm/", {"shown": "50"}),
        ):
            answer = browser.post(f"{base}{page}", form)
            assert answer.status_code == 302, (page, answer.content.decode())


def at_work(one: Colleague) -> Client:
    """A browser at the desk, from the address and client that the test looks for."""
    browser = Client(headers={"user-agent": CLIENT, "accept-language": "en"}, REMOTE_ADDR=ADDRESS)
    with behind_the_products_back():
        browser.cookies["staff-desk"] = at_desk(one).cookies["staff-desk"].value
    return browser
