"""The sections that cover itself adds to a policy's page: payments and documents."""

from django.http import HttpRequest

from mypolis.insurance.coverage.billing.payments import schedule_of
from mypolis.insurance.coverage.documents.policy_documents import documents_of
from mypolis.insurance.coverage.pages.policy_page import Facts, PolicySection
from mypolis.membership.accounts.sessions.middleware import account_of
from mypolis.membership.family.access import may_see
from mypolis.membership.people.models import Membership


def payments_on_policy(request: HttpRequest, membership: Membership) -> Facts | None:
    """The premium and its payments, for the policyholder."""
    account = account_of(request)
    schedule = schedule_of(membership, account) if account else None
    return {"schedule": schedule} if schedule else None


def documents_on_policy(request: HttpRequest, membership: Membership) -> Facts | None:
    """The documents, for the member and for parents; a proxy sees none."""
    account = account_of(request)
    if account is None or not may_see(account, str(membership.person_id), "papers"):
        return None
    documents = documents_of(membership)
    return {"documents": documents, "policy": membership.pk} if documents else None


PAYMENTS = PolicySection(10, "coverage/parts/payments.html", payments_on_policy)
DOCUMENTS = PolicySection(20, "coverage/parts/documents.html", documents_on_policy)
