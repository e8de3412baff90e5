"""What staff do across rooms: auditors search, verify and export; days are summed, and reports fetched."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from mypolis.offices.audit.verifying import verify_slice
from mypolis.offices.reports.claim_lists.flows import forget_old_lists
from mypolis.offices.reports.jobs import sum_days, write_claim_list
from mypolis.offices.reports.models import ClaimList
from tests.events.walks import behind_the_products_back
from tests.staff.world import at_desk, colleague


def report() -> None:
    """The days are summed, and an operator fetches a report and a list of claims, which is deleted a day later."""
    sum_days(0)
    with behind_the_products_back():
        browser: Client = at_desk(colleague("Reader", "operator"))
    month = f"{timezone.localdate() - timedelta(days=5):%Y-%m}"
    assert browser.post("/desk/rs/reports/rates/file/", {"form": "csv", "month": month}).status_code == 200
    browser.post("/desk/rs/reports/claims/", {"month": month})
    made = ClaimList.objects.get()
    write_claim_list(made.pk)
    taken = browser.post(f"/desk/rs/reports/claims/{made.pk}/file/")
    assert taken.status_code == 200
    forget_old_lists(timezone.now() + timedelta(days=2))


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
