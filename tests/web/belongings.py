"""The things of a member, so that requests to their URLs return more than a refusal."""

from pathlib import Path
from uuid import UUID

from mypolis.demo.samples.cover import BOOKS
from mypolis.foundation.events import SYSTEM
from mypolis.foundation.markets.profile import ContactKind
from mypolis.insurance.bank_accounts.flows import add
from mypolis.insurance.bank_accounts.numbers.reading import read_number
from mypolis.insurance.coverage.documents.policy_documents import Place, add_document
from mypolis.insurance.coverage.plan_books.loading import load_book
from mypolis.insurance.ecard.flows import activate
from mypolis.insurance.ecard.letters.letters import issue_letter
from mypolis.membership.accounts.models import Account
from mypolis.membership.family.flows import accept, offer
from mypolis.membership.family.models import Mandate
from mypolis.membership.people.models import Membership
from tests.claims.owned import NOBODYS_CLAIMS, claims_in_addresses
from tests.family.home import account, aged, person

NOBODYS = {
    **dict.fromkeys(("card", "policy", "benefit", "document", "letter", "person"), "1"),
    **dict.fromkeys(("mandate", "given", "consent", "bank_account"), str(UUID(int=1))),
    **NOBODYS_CLAIMS,
}


def belongings(member: Account, folder: Path) -> dict[str, str]:
    """Make an active card, a plan with a benefit, a document, a letter, a giver, an offer, a proxy and a bank account.

    Returns them by their names in URLs. The member belongs to the Russian market.
    """
    membership = member.person.memberships.select_related("policy").get()
    load_book(market="ru", book=BOOKS / "ru.yaml", by=SYSTEM)
    Membership.objects.filter(pk=membership.pk).update(plan="Стандарт")
    activate(account=member, card_id=str(membership.pk), accepted=True, language="ru", by=SYSTEM)
    paper = folder / "paper.pdf"
    paper.write_bytes(b"%PDF-1.7\nA small paper.\n")
    place = Place(policy_number=membership.policy.number, policy_type=membership.policy.type)
    file = add_document(market="ru", place=place, kind="rules", path=paper, name="Rules.pdf", by=SYSTEM)
    letter = issue_letter(account=member, card_id=str(membership.pk), language="ru", by=SYSTEM)
    number = read_number({"ru"}, "40817810612345678901", bank="044525225")
    given = _offered(member, "Vera")
    accept(proxy=member, mandate_id=given.pk, by=SYSTEM)
    proxy = account(person("Anna", aged(50, code="ru"), code="ru"))
    return {
        **claims_in_addresses(member, "clinic-visit"),
        **dict.fromkeys(("card", "policy"), str(membership.pk)),
        "benefit": "clinic-visit",
        "document": str(file.pk),
        "letter": str(letter.pk),
        "person": str(given.giver.person_id),
        "mandate": str(_offered(member, "Olga").pk),
        "consent": str(UUID(int=1)),
        "given": str(accept(proxy=proxy, mandate_id=_offer(member, proxy, "email").pk, by=SYSTEM).pk),
        "bank_account": str(add(account=member, number=number, holder="Анна", by=SYSTEM).pk),
    }


def _offered(proxy: Account, giver: str) -> Mandate:
    """Offer the member access to somebody's cover."""
    return _offer(account(person(giver, aged(60, code="ru"), code="ru")), proxy, "mobile")


def _offer(giver: Account, proxy: Account, kind: ContactKind) -> Mandate:
    return offer(
        giver=giver,
        kind=kind,
        contact=proxy.contact_points.get(kind=kind).value,
        birth_date=proxy.person.birth_date,
        until=None,
        by=SYSTEM,
    )
