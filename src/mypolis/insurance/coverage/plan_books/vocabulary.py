"""The vocabulary of plan books: benefit types, bases of limits, units of counts, each with its label."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext_lazy

from mypolis.foundation.markets.emergency import InsuredKind


class BenefitType(StrEnum):
    """What a benefit is about; plan books and the API use the value."""

    INPATIENT = "inpatient"
    SURGERY = "surgery"
    INTENSIVE_CARE = "intensive_care"
    OUTPATIENT = "outpatient"
    SPECIALIST = "specialist"
    DIAGNOSTICS = "diagnostics"
    MEDICINES = "medicines"
    TELEMEDICINE = "telemedicine"
    HOME_VISIT = "home_visit"
    AMBULANCE = "ambulance"
    DENTAL = "dental"
    OPTICAL = "optical"
    MATERNITY = "maternity"
    CHECKUP = "checkup"
    VACCINATION = "vaccination"
    REHABILITATION = "rehabilitation"
    MENTAL_HEALTH = "mental_health"
    LIFE = "life"
    ACCIDENT = "accident"
    DISABILITY = "disability"
    CRITICAL_ILLNESS = "critical_illness"
    TRAVEL = "travel"
    MOTOR = "motor"
    ROADSIDE = "roadside"
    HOUSEHOLD = "household"
    LIABILITY = "liability"


TYPE_LABELS: dict[BenefitType, Promise] = {
    BenefitType.INPATIENT: _("Hospital stay"),
    BenefitType.SURGERY: _("Surgery"),
    BenefitType.INTENSIVE_CARE: _("Intensive care"),
    BenefitType.OUTPATIENT: _("Doctor’s visit"),
    BenefitType.SPECIALIST: _("Specialist"),
    BenefitType.DIAGNOSTICS: _("Tests and imaging"),
    BenefitType.MEDICINES: _("Medicines"),
    BenefitType.TELEMEDICINE: _("Doctor online"),
    BenefitType.HOME_VISIT: _("Doctor at home"),
    BenefitType.AMBULANCE: _("Ambulance"),
    BenefitType.DENTAL: _("Dentist"),
    BenefitType.OPTICAL: _("Glasses and eyes"),
    BenefitType.MATERNITY: _("Pregnancy and birth"),
    BenefitType.CHECKUP: _("Check-up"),
    BenefitType.VACCINATION: _("Vaccination"),
    BenefitType.REHABILITATION: _("Rehabilitation"),
    BenefitType.MENTAL_HEALTH: _("Mental health"),
    BenefitType.LIFE: _("Life"),
    BenefitType.ACCIDENT: _("Accident"),
    BenefitType.DISABILITY: _("Disability"),
    BenefitType.CRITICAL_ILLNESS: _("Serious illness"),
    BenefitType.TRAVEL: _("Travel"),
    BenefitType.MOTOR: _("Car"),
    BenefitType.ROADSIDE: _("Roadside help"),
    BenefitType.HOUSEHOLD: pgettext_lazy("insurance", "Home"),
    BenefitType.LIABILITY: _("Damage to others"),
}


_NOT_HEALTH: dict[BenefitType, InsuredKind] = {
    BenefitType.LIFE: "life",
    BenefitType.ACCIDENT: "life",
    BenefitType.DISABILITY: "life",
    BenefitType.CRITICAL_ILLNESS: "life",
    BenefitType.TRAVEL: "travel",
    BenefitType.MOTOR: "car",
    BenefitType.ROADSIDE: "car",
    BenefitType.HOUSEHOLD: "home",
    BenefitType.LIABILITY: "home",
}


def insured_kind(about: BenefitType) -> InsuredKind:
    """The kind of insurance that a benefit type belongs to."""
    return _NOT_HEALTH.get(about, "health")


SUMS_INSURED = frozenset(
    {
        BenefitType.LIFE,
        BenefitType.ACCIDENT,
        BenefitType.DISABILITY,
        BenefitType.CRITICAL_ILLNESS,
        BenefitType.TRAVEL,
        BenefitType.MOTOR,
        BenefitType.HOUSEHOLD,
        BenefitType.LIABILITY,
    }
)
"""Types that pay up to a sum when an event happens, and are not used up little by little."""


@dataclass(frozen=True)
class Field:
    """Benefit types that are shown together on a page, with a label and an icon."""

    label: Promise
    icon: str
    types: tuple[BenefitType, ...]


_T = BenefitType
FIELDS: tuple[Field, ...] = (
    Field(
        _("At the doctor"),
        "care",
        (_T.OUTPATIENT, _T.SPECIALIST, _T.DIAGNOSTICS, _T.MEDICINES, _T.TELEMEDICINE, _T.HOME_VISIT, _T.MENTAL_HEALTH),
    ),
    Field(_("In hospital"), "employer", (_T.INPATIENT, _T.SURGERY, _T.INTENSIVE_CARE, _T.AMBULANCE)),
    Field(_("Teeth and eyes"), "tooth", (_T.DENTAL, _T.OPTICAL)),
    Field(_("Family and prevention"), "family", (_T.MATERNITY, _T.CHECKUP, _T.VACCINATION, _T.REHABILITATION)),
    Field(_("Life and accident"), "shield", (_T.LIFE, _T.ACCIDENT, _T.DISABILITY, _T.CRITICAL_ILLNESS)),
    Field(_("Travelling"), "globe", (_T.TRAVEL,)),
    Field(_("Your car"), "key", (_T.MOTOR, _T.ROADSIDE)),
    Field(_("Your home"), "home", (_T.HOUSEHOLD, _T.LIABILITY)),
)

_WITHOUT_HEALTH = {_T.LIFE, _T.TRAVEL, _T.MOTOR, _T.ROADSIDE, _T.HOUSEHOLD, _T.LIABILITY}
HEALTH = frozenset(BenefitType) - _WITHOUT_HEALTH
"""Types that words about the body may mean; other types match only if the words name them."""

type Basis = Literal["year", "case", "visit", "day", "pregnancy", "item", "lifetime"]
type Measure = Literal["amount", "count", "days"]
type Unit = Literal["visit", "item", "birth", "treatment", "call", "checkup"]

# Follows a size: "RSD 20,000 a year".
BASIS_SENTENCES: dict[Basis, Promise] = {
    "year": _("%(size)s a year"),
    "case": _("%(size)s for each case"),
    "visit": _("%(size)s for each visit"),
    "day": _("%(size)s a day"),
    "pregnancy": _("%(size)s for each pregnancy"),
    "item": _("%(size)s for each item"),
    "lifetime": pgettext_lazy("a limit", "%(size)s in all"),
}


def counted(number: int, unit: Unit | Literal["day"]) -> str:
    """A number with its unit: "3 visits"."""
    sentence = {
        "visit": ngettext("%(number)d visit", "%(number)d visits", number),
        "item": ngettext("%(number)d item", "%(number)d items", number),
        "birth": ngettext("%(number)d birth", "%(number)d births", number),
        "treatment": ngettext("%(number)d treatment", "%(number)d treatments", number),
        "call": ngettext("%(number)d call", "%(number)d calls", number),
        "checkup": ngettext("%(number)d check-up", "%(number)d check-ups", number),
        "day": ngettext("%(number)d day", "%(number)d days", number),
    }[unit]
    return sentence % {"number": number}
