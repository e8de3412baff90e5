"""The events of this room."""

from mypolis.foundation.events.kinds import Kind, kind


class PeopleEvent(Kind):
    """Changes to the insurer's records of people."""

    EMPLOYER_ADDED = kind("employer.added", by="staff", about="people.employer")
    POLICY_ADDED = kind("policy.added", by="staff", about="people.policy")
    POLICY_CHANGED = kind("policy.changed", by="staff", about="people.policy")
    PERSON_ADDED = kind("person.added", by="staff", about="people.person")
    PERSON_CHANGED = kind("person.changed", by="staff", about="people.person")
    MEMBERSHIP_ADDED = kind("membership.added", by="staff", about="people.membership")
    MEMBERSHIP_CHANGED = kind("membership.changed", by="staff", about="people.membership")
