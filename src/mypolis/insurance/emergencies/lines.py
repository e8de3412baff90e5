"""Whom to call for an emergency that somebody's words describe, and the text beside the numbers."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.encoding import force_str
from django.utils.translation import gettext as _

from mypolis.foundation.lib.tel_links import dial_address
from mypolis.foundation.markets import Profile
from mypolis.foundation.markets.emergency import EmergencyLine, LineKind
from mypolis.foundation.web.branding.brand import brand_of
from mypolis.foundation.web.branding.hours import in_words, state_in_words
from mypolis.insurance.emergencies.recognition import Kind, recognise

_ILL: tuple[LineKind, ...] = ("ambulance", "all", "insurer")
_ORDER: dict[Kind, tuple[LineKind, ...]] = {
    "violence": ("police", "all", "ambulance"),
    "fire": ("fire", "all", "ambulance"),
}


@dataclass(frozen=True)
class Line:
    """A number to call. `hours` and `state` ("Closed now, …") are texts; `is_open` is None if we do not know."""

    kind: LineKind
    label: str
    phone: str
    hours: str = ""
    state: str = ""
    is_open: bool | None = None

    @property
    def tel(self) -> str:
        """The `tel:` link."""
        return dial_address(self.phone)


@dataclass(frozen=True)
class Help:
    """What is shown before any answer about insurance. If `is_quiet`, the tone is soft and no answer follows."""

    kind: Kind
    title: str
    text: str
    lines: Sequence[Line]

    @property
    def is_quiet(self) -> bool:
        """Whether it is about grief or suicide."""
        return self.kind in ("suicide", "bereavement")


def findings(profiles: Iterable[Profile]) -> list[str]:
    """For `mypolis check`: a finding if neither the market nor the insurer names an ambulance number."""
    return [
        f"{profile.code}: no number for an ambulance: add one to emergency_lines of the profile"
        for profile in profiles
        if not {"ambulance", "all"} & {line.kind for line in lines_of(profile)}
    ]


def help_for(words: str, profile: Profile) -> Help | None:
    """The help that somebody's words need, in the active language; None if they describe no emergency."""
    kind = recognise(words, profile.languages)
    if kind is None:
        return None
    if kind == "bereavement":
        return Help(kind, _("We are sorry for your loss"), _sorry(), _people(profile))
    title, text = _("If a life is in danger, call now"), _("Call first. You need no card and no approval for that.")
    if kind == "suicide":
        title = _("You do not have to get through this alone")
        text = _("Please talk to somebody now. What you wrote here is not kept, and nobody is told.")
    return Help(kind, title, text, lines_for(kind, profile))


def lines_for(kind: Kind, profile: Profile) -> list[Line]:
    """The numbers for this kind, the most important first; the ambulance is always included."""
    if kind == "suicide":
        return _despair(profile)
    return _ranked(_ORDER.get(kind, _ILL), profile)


def all_lines(profile: Profile) -> list[Line]:
    """Every number of the market."""
    return [_line(line) for line in lines_of(profile)]


def lines_of(profile: Profile) -> list[EmergencyLine]:
    """The insurer's numbers, plus the market's own for each kind that the insurer does not name."""
    named = brand_of(profile.code).emergency_lines
    kinds = {line.kind for line in named}
    return [*named, *(line for line in profile.emergency_lines if line.kind not in kinds)]


def _despair(profile: Profile) -> list[Line]:
    """People with suicidal thoughts are mostly adults, so the children's line comes last; a closed line is never first.

    If no line for adults is open, the general emergency number comes first, as it can send more than a doctor.
    """
    crisis = sorted(_ranked(("crisis",), profile), key=lambda line: line.is_open is False)
    children = _ranked(("children",), profile)
    if crisis and crisis[0].is_open is not False:
        return [*crisis, *_ranked(("ambulance", "all"), profile), *children]
    return [*_ranked(("all", "ambulance"), profile), *crisis, *children]


def _ranked(kinds: Iterable[LineKind], profile: Profile) -> list[Line]:
    return [_line(line) for kind in kinds for line in lines_of(profile) if line.kind == kind]


def _line(line: EmergencyLine) -> Line:
    if line.hours is None:
        return Line(line.kind, force_str(line.label), line.phone)
    now = timezone.now()
    state = state_in_words(line.hours.state_at(now), now)
    return Line(line.kind, force_str(line.label), line.phone, in_words(line.hours), state.text, state.is_open)


def _people(profile: Profile) -> list[Line]:
    """Somebody to talk to: the support line; while it is closed, first the insurer's own lines that are open."""
    support = _support(profile)
    if support.is_open is not False:
        return [support]
    others = [line for line in all_lines(profile) if line.kind == "insurer" and line.is_open is not False]
    return [*others, support]


def _support(profile: Profile) -> Line:
    phone = brand_of(profile.code).support.to_call
    now = phone.now
    label = force_str(phone.label or _("A person who helps you"))
    return Line(
        "insurer", label, phone.number, phone.hours_in_words, now.text if now else "", now.is_open if now else None
    )


def _sorry() -> str:
    return _("There is nothing that you must do today. When you are ready, call us: we tell you what comes next.")
