"""Finds a registering person on file, covered today. Every failure gets the same answer, and tries are limited."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from mypolis.foundation.guards.flows import Use, give_back, give_back_all, of_address, spend_all
from mypolis.foundation.journeys.definitions.answers import Facts
from mypolis.foundation.journeys.definitions.errors import Refused
from mypolis.foundation.journeys.definitions.steps import Walk
from mypolis.foundation.journeys.flows import no_match
from mypolis.foundation.lib.email_addresses import fold_email
from mypolis.foundation.lib.postgres.prepared_queries import Prepared, place
from mypolis.foundation.lib.text.folding import fold_reference, is_placeholder
from mypolis.membership.accounts.forms import new_hash
from mypolis.membership.people.match_keys import name_key
from mypolis.membership.people.models import Membership, Person
from mypolis.membership.registration.limits import FAILED_MATCHES, FAILED_MATCHES_PER_ADDRESS

NO_MATCH = _("We could not find an active policy with these details. Please check each field, or contact our support.")


def _in_force(**on_file: Any) -> QuerySet[Membership]:
    return Membership.objects.in_force_on(place("day")).filter(person=place("person"), **on_file)


_IN_FORCE = {
    "any": Prepared(_in_force),
    "email": Prepared(lambda: _in_force(person__email=place("email"))),
    "mobile": Prepared(lambda: _in_force(person__mobile=place("mobile"))),
}
_PERSON = Prepared(lambda: Person.objects.filter(pk=place("person"), market=place("market")).select_related("account"))


def match(walk: Walk, handles: Sequence[str], find: Callable[[], Person | None]) -> Person:
    """The person that `find` finds. Raises Refused (`no_match`) for any failure, LimitReached after too many.

    `handles` are the normalised values that an attacker would keep fixed (a national id, a policy with its
    participant). A try is counted for each handle before any look-up, whether or not it exists, and given back on
    success. The caller's network address is counted too, but never blocks the holder of a link.
    """
    _count(walk, handles)
    return _found(walk, handles, find)


def match_and_hash(
    walk: Walk, clean: Facts, handles: Sequence[str], find: Callable[[], Person | None]
) -> tuple[Person, str]:
    """Like `match`, for a page that also asks for a new password. Returns the person and the password's hash.

    All limits are checked before the work on the password, because a reached limit rolls all counting back: earlier
    work would never be counted. The work comes before the look-up, so that a failed match takes as long as a good one.
    A refused password stays counted for the network address, but not for anybody on file.
    """
    _count(walk, handles)
    try:
        password_hash = new_hash(walk, clean)
    except Refused:
        give_back(FAILED_MATCHES, handles, market=walk.journey.market)
        raise
    return _found(walk, handles, find), password_hash


def _uses_of(walk: Walk, handles: Sequence[str]) -> list[Use]:
    """What a try counts for: each handle and, unless the person holds a link, the caller's network address."""
    uses: list[Use] = [(FAILED_MATCHES, handle) for handle in sorted(set(handles))]
    return uses if walk.is_vouched else [of_address(FAILED_MATCHES_PER_ADDRESS, walk.by.address), *uses]


def _count(walk: Walk, handles: Sequence[str]) -> None:
    """Count a try for the network address and for each handle. Raises LimitReached."""
    spend_all(_uses_of(walk, handles), market=walk.journey.market)


def _found(walk: Walk, handles: Sequence[str], find: Callable[[], Person | None]) -> Person:
    """Run the look-up; if it finds a person, give the tries back. Raises Refused."""
    person = find()
    if person is None:
        raise Refused(no_match(walk))
    give_back_all(_uses_of(walk, handles), market=walk.journey.market)
    return person


def still_covered(walk: Walk, *, email: str | None = None, mobile: str | None = None) -> bool:
    """Whether the person found at the first step is covered today, and still has this contact point on file."""
    on_file = {"person": walk.row("identity", "person"), "email": email, "mobile": mobile}
    kind = "email" if email is not None else "mobile" if mobile is not None else "any"
    return _IN_FORCE[kind].exists(day=walk.profile.today(), **on_file)


def person_of(walk: Walk) -> Person:
    """The person found at the first step."""
    person: Person | None = walk.found.get("person")
    if person is None:
        person = _PERSON.first(person=walk.row("identity", "person"), market=walk.journey.market)
    if person is None:
        raise Person.DoesNotExist
    walk.found["person"] = person
    return person


def client(*, market: str, national_id: str, mobile: str, policy_number: str, email: str, today: date) -> Person | None:
    """Serbia: national id and mobile on file, and a number of an active policy or the e-mail on file.

    Runs one query in every case, so that timing does not reveal how far a guess got.
    """
    number, address = fold_reference(policy_number) or None, fold_email(email) or None
    policies = Membership.objects.in_force_on(today).filter(person=OuterRef("pk"), policy__number_key=number)
    known = Q(Exists(policies)) | Q(email_key=address)
    people = Person.objects.filter(known, market=market, mobile=mobile)
    return people.with_national_id(national_id).covered_on(today).first()


def participant(
    *,
    market: str,
    policy_type: str,
    policy_number: str,
    participant_number: str,
    birth_date: str,
    email: str,
    today: date | None,
) -> Person | None:
    """Indonesia: every field matches the file, including the e-mail. Group policies also need the participant number.

    The person is covered on `today`. With None, ended cover counts too, because former members keep the account.
    """
    all_ = Membership.objects.all()
    memberships = (all_.in_force_on(today) if today else all_).filter(
        policy__market=market,
        policy__type=policy_type,
        policy__number_key=fold_reference(policy_number),
        person__birth_date=birth_date,
        person__email_key=fold_email(email),
    )
    if participant_number:
        memberships = memberships.filter(participant_key=fold_reference(participant_number))
    found = list(memberships.select_related("person")[:2])
    return found[0].person if len(found) == 1 else None  # these fields cannot distinguish twins on one policy


def invited(*, person_id: int, policy_number: str, today: date) -> Person | None:
    """Russia, by link: the invited person, if the number is that of one of their active policies."""
    person = Person.objects.filter(pk=person_id).first()
    return person if person is not None and holds_policy(person, policy_number, today) else None


def employee(
    *, market: str, names: tuple[str, str, str], birth_date: str, mobile: str, email: str, today: date
) -> Person | None:
    """Russia, without a link: the full name, the birth date, and the mobile or the e-mail on file.

    The words of the full names must match in order. A typed patronymic may be missing on file, but a patronymic on
    file must be typed.
    """
    surname, given_name, patronymic = names
    patronymic = "" if is_placeholder(patronymic) else patronymic
    whole = Q(name_key=name_key(market, surname, given_name, patronymic))
    without = Q(name_key=name_key(market, surname, given_name), patronymic="")
    reachable = Q(mobile=mobile) | Q(email_key=fold_email(email))
    rows = Person.objects.filter(whole | without, reachable, market=market, birth_date=birth_date).covered_on(today)
    found = list(rows[:2])
    return found[0] if len(found) == 1 else None


def holds_policy(person: Person, policy_number: str, today: date) -> bool:
    """Whether the person has an active membership under a policy of this number."""
    key = fold_reference(policy_number)
    return bool(key) and person.memberships.in_force_on(today).filter(policy__number_key=key).exists()
