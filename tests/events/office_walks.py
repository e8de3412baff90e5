"""What auditors do across rooms: search, verify, export. Their reading is recorded like everything else."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from mypolis.offices.audit.verifying import verify_slice
from tests.events.walks import behind_the_products_back
from tests.staff.world import at_desk, colleague


def audit_the_trail() -> None:
    """An auditor searches the trail, has it verified, and takes a copy."""
    with behind_the_products_back():
        browser: Client = at_desk(colleague("Auditor", "auditor"))
    assert browser.get("/desk/rs/audit/").status_code == 200
    browser.post("/desk/rs/audit/verify/")
    while verify_slice():
        pass
    now = timezone.now()
    days = {"since": f"{now - timedelta(days=1):%Y-%m-%d}", "until": f"{now + timedelta(days=1):%Y-%m-%d}"}
    taken = browser.post("/desk/rs/audit/export/", {**days, "form": "csv", "kind": "audit.read"})
    assert taken.status_code == 200
