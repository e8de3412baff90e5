"""Correcting a member's contact point takes two people: with a contact point, anybody can take over an account."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mypolis.foundation.events import Actor
from mypolis.foundation.rooms import Text
from mypolis.foundation.staff.approvals.kinds import ApprovalKind, Stale
from mypolis.foundation.staff.models import StaffAccount
from mypolis.membership.accounts.contact_points.flows import ContactTaken, NewContact
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.staff_relations.colleagues import is_close_to
from mypolis.membership.operators.flows import correct_contact
from mypolis.offices.desk.helping.approval_looks import record_look
from mypolis.offices.desk.helping.forms import CHECKED
from mypolis.offices.desk.rights import CORRECT_CONTACTS

type Payload = Mapping[str, Any]


def payload_of(account: Account, contact: NewContact, checked: str) -> dict[str, Any]:
    """What a proposal says: whose contact, what it was, what it becomes, and how the person was checked."""
    was = account.contact(contact.kind)
    return {
        "account": account.pk,
        "kind": contact.kind,
        "was": was.value if was is not None else "",
        "value": contact.value,
        "checked": checked,
    }


def _facts(market: str, payload: Payload) -> Sequence[tuple[Text, Text]]:
    account = Account.objects.select_related("person").get(pk=payload["account"], market=market)
    return [
        (_("Member"), account.person.display_name),
        (_("Until now"), payload["was"] or "–"),
        (_("From now on"), payload["value"]),
        (_("How it was checked"), CHECKED.get(payload["checked"], payload["checked"])),
    ]


def _correct(market: str, payload: Payload, by: Actor) -> None:
    account = Account.objects.select_for_update(of=("self",)).filter(pk=payload["account"], market=market).first()
    now = account.contact(payload["kind"]) if account is not None else None
    if account is None or (now.value if now is not None else "") != payload["was"]:
        raise Stale
    try:
        correct_contact(account=account, contact=NewContact(payload["kind"], payload["value"], confirmed=True), by=by)
    except ContactTaken:
        raise Stale from None


def _concerns(market: str, payload: Payload, staff: StaffAccount) -> bool:
    person = Account.objects.filter(pk=payload["account"], market=market).values_list("person", flat=True).first()
    return person is not None and is_close_to(staff.pk, person)


CONTACT_CORRECTION = ApprovalKind(
    name="contact",
    title=gettext_lazy("Correct a contact"),
    right=CORRECT_CONTACTS,
    facts=_facts,
    apply=_correct,
    concerns=_concerns,
    shown=record_look,
    same=("account", "kind"),
)
