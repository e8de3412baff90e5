"""Helpers that offer and accept mandates."""

from typing import Any

from mypolis.membership.people.models import Person
from tests.family.home import Asker


def named(who: Asker | Person, **more: Any) -> dict[str, Any]:
    """The contact and birth date with which a giver names somebody."""
    found = who.account.person if isinstance(who, Asker) else who
    return {"contact": found.email, "birth_date": found.birth_date.isoformat(), **more}


def offer(giver: Asker, to: Asker | Person, **more: Any) -> str:
    """Offer a mandate. Returns its id."""
    answer = giver.post("mandates", named(to, **more))
    assert answer.status_code == 201, answer.content
    return str(answer.json()["id"])


def give_mandate(giver: Asker, proxy: Asker, **more: Any) -> str:
    """Offer and accept a mandate. Returns its id."""
    key = offer(giver, proxy, **more)
    assert proxy.post(f"mandates/{key}/accept").status_code == 200
    return key


def sees(proxy: Asker, giver: Asker) -> bool:
    """Whether the proxy can open the giver's cover."""
    return bool(proxy.get(f"cover?whose={giver.account.person_id}").status_code == 200)


def state(giver: Asker) -> list[str]:
    return [one["state"] for one in giver.get("mandates").json()["given"]]


def page_form(who: Asker) -> dict[str, str]:
    """The offer as the page's form sends it."""
    born = who.account.person.birth_date
    boxes = {"birth_date_day": born.day, "birth_date_month": born.month, "birth_date_year": born.year}
    return {
        "contact": who.account.person.email,
        "scopes": "cover",
        **{name: str(value) for name, value in boxes.items()},
    }
