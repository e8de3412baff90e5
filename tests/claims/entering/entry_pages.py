"""The pages on which a colleague enters a claim, as tests use them."""

import re
from datetime import timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from mypolis.foundation.events import SYSTEM
from mypolis.foundation.files.models import ReceivedFile
from mypolis.insurance.claims.file_checks import checked
from mypolis.insurance.claims.models import Claim
from mypolis.membership.accounts.models import Account
from mypolis.membership.people.models import Person
from tests.claims.desk.pages import Assessor, words
from tests.claims.world import cover, reread, today

ILLNESS = "batuk dan demam"


def address(person: Person) -> str:
    return f"/desk/{person.market}/people/{person.pk}/claims/new/"


def opened(one: Assessor, account: Account, benefit: str = "doctor") -> dict[str, str]:
    """Choose what the claim is for; returns the key that the form has."""
    answer = one.browser.post(address(account.person), {"what": f"{cover(account).pk}:{benefit}"})
    assert answer.status_code == 200
    found = re.search(r'name="key" value="([^"]+)"', answer.content.decode())
    assert found is not None
    return {"key": found[1], "what": f"{cover(account).pk}:{benefit}"}


def typed(account: Account, **more: Any) -> dict[str, Any]:
    """A letter of yesterday with a bill of three days ago."""
    day = today(account)
    return {
        "came_by": "post",
        "came_on": (day - timedelta(days=1)).isoformat(),
        "treated_on": (day - timedelta(days=3)).isoformat(),
        "provider": "Klinik Melati",
        "diagnosis": ILLNESS,
        "bill1_amount": "150",
        "bill1_currency": "IDR",
        "pay_to": str(account.bank_accounts.get().pk),
        "paper_receipt": SimpleUploadedFile("scan.jpg", b"scan"),
        **more,
    }


def enters(one: Assessor, account: Account, **more: Any) -> HttpResponse:
    """Choose the benefit and send the whole form."""
    fields = {**opened(one, account), **typed(account, **more)}
    answer = one.browser.post(address(account.person), {name: value for name, value in fields.items() if value != ""})
    assert isinstance(answer, HttpResponse)
    return answer


def entered(one: Assessor, account: Account, **more: Any) -> Claim:
    """A claim that was entered, after its files were checked."""
    answer = enters(one, account, **more)
    assert answer.status_code == 302, words(answer)
    claim = Claim.objects.get()
    for file in ReceivedFile.objects.of(claim):
        file.state = "clean"
        file.save(update_fields=["state"])
        checked(received=file, codes=(), by=SYSTEM)
    return reread(claim)


def assert_refused(answer: HttpResponse, sentence: str) -> None:
    """The page says so, and nothing was entered: what is kept has no member and no number."""
    assert answer.status_code == 422
    assert sentence in words(answer)
    assert not Claim.objects.exclude(state="draft", account=None, number="").exists()
