"""Converts one cell of a list by the rules of its column. A `CellError` has a code of `problems.MESSAGES`."""

import re

from mypolis.foundation.lib.cells.cell import Cell, CellError
from mypolis.foundation.lib.cells.cleaning import value_in
from mypolis.foundation.lib.cells.numbers import id_in
from mypolis.foundation.lib.cells.placeholders import is_placeholder_number
from mypolis.foundation.lib.cells.texts import words_in
from mypolis.foundation.lib.email_addresses import EmailAddressError, read_email
from mypolis.foundation.lib.jmbg import JmbgError, normalise_jmbg
from mypolis.foundation.lib.phones import PhoneError, parse_any_mobile, parse_mobile
from mypolis.foundation.lib.text.folding import ascii_digits, fold_reference, is_placeholder
from mypolis.foundation.markets import Profile
from mypolis.membership.roster.columns import fold_word, words

_JMBG_DIGITS = 13
# Placeholders that are nobody's name have a slash or Cyrillic letters: n/a, б/о, нет. "Na", "No" and "Net" are names.
_NO_NAME = re.compile(r"[/\\\u0400-\u052f]")

MAX_LENGTH = 64
MAX_NAME_LENGTH = 120
MAX_PLAN_LENGTH = 80
MAX_EMAIL_LENGTH = 254  # also for the folded form, in which an international domain is longer

_POLICY_TYPES = {
    "group": "corporate; grupna, grupno, kolektivna, kolektivno; grup, kumpulan;групповой, групповая, корпоративный",
    "individual": "personal; individualna, individualno, pojedinačna, lična; perorangan, individu;"
    "индивидуальный, личный",
    "sharia": "shariah; šerijatska; syariah, syaria; шариат, шариатский",
}
_RELATIONS = {
    "employee": "staff, worker, self; zaposleni, zaposlena, radnik;"
    "karyawan, pegawai, peserta utama, diri sendiri; сотрудник, сотрудница, работник, работница",
    "spouse": "husband, wife, partner; supružnik, suprug, supruga, muž, žena; suami, istri, pasangan;"
    "супруг, супруга, муж, жена",
    "child": "son, daughter; dete, sin, ćerka, kćerka, kći; anak; ребенок, сын, дочь",
    "parent": "mother, father; roditelj, majka, otac; orang tua, ayah, ibu; родитель, мать, отец",
    "policyholder": "policy holder, holder, insured; ugovarač, osiguranik; pemegang polis, tertanggung;"
    "страхователь, застрахованный",
    "other": "ostalo, drugo; lainnya, lain; другое, другой, прочее, прочие, иное",
}
_POLICY_TYPE_OF = {word: key for key, aliases in _POLICY_TYPES.items() for word in words(aliases)}
_RELATION_OF = {word: key for key, aliases in _RELATIONS.items() for word in (key, *words(aliases))}


def reference(cell: str) -> str | None:
    """An id, such as a policy number, as the sheet shows it; a placeholder is ""."""
    text = id_in(cell, max_length=MAX_LENGTH)
    if not text:
        return None
    folded = fold_reference(text)
    if len(folded) > MAX_LENGTH:
        raise CellError("too_long")
    return text if folded and not is_placeholder_number(text) else ""


def name(cell: str) -> str | None:
    """A part of a name, as typed; a placeholder is "" (some people have only one name)."""
    text = words_in(cell, max_length=MAX_NAME_LENGTH)
    if not text:
        return None
    if is_placeholder(text) and (_NO_NAME.search(text) or not any(char.isalnum() for char in text)):
        return ""
    if not any(char.isalpha() for char in text):
        raise CellError("no_letters")
    return text


def patronymic(cell: str) -> str | None:
    """A patronymic, as typed; "нет", "-" and the like are ""."""
    text = words_in(cell, max_length=MAX_NAME_LENGTH)
    return "" if text and is_placeholder(text) else text or None


def plan(cell: str) -> str | None:
    """The name of a plan; a number as the sheet shows it."""
    text = (
        id_in(cell, max_length=MAX_PLAN_LENGTH)
        if isinstance(cell, Cell)
        else words_in(cell, max_length=MAX_PLAN_LENGTH)
    )
    return text or None


def mobile(cell: str, *, region: str) -> str | None:
    """A mobile number of any country in E.164; a placeholder is ""."""
    text = id_in(cell, max_length=MAX_LENGTH)
    if not text:
        return None
    if not any(char.isalnum() for char in text):
        return ""
    try:
        return parse_any_mobile(text, region=region)
    except PhoneError as error:
        raise CellError(error.code) from None


def is_foreign(e164: str, *, region: str) -> bool:
    """Whether a mobile number belongs to another country."""
    try:
        parse_mobile(e164, region=region)
    except PhoneError:
        return True
    return False


def email(cell: str) -> str | None:
    """An e-mail address as typed, but with an international domain in its own script; a placeholder is ""."""
    text = value_in(cell, max_length=MAX_EMAIL_LENGTH)
    if not text:
        return None
    if not any(char.isalnum() for char in text):
        return ""
    if "?" in text:  # addresses may contain it, but here it is always a lost letter
        raise CellError("lost_letters")
    try:
        address = read_email(text)
    except EmailAddressError as error:
        raise CellError("not_an_email" if error.code == "malformed" else "ambiguous_email") from None
    return text if text.isascii() else address.spelling


def national_id(cell: str) -> str | None:
    """The 13 digits of a JMBG."""
    text = id_in(cell, max_length=MAX_LENGTH)
    if not text:
        return None
    try:
        return normalise_jmbg(text)
    except JmbgError as error:
        digits = ascii_digits(text).strip()
        if error.code == "length" and len(digits) == _JMBG_DIGITS - 1 and digits.isdigit():
            raise CellError("lost_zero") from None
        raise CellError("checksum" if error.code == "checksum" else "not_a_national_id") from None


def policy_type(cell: str, *, profile: Profile) -> str | None:
    """The key of one of the market's types of policy."""
    text = value_in(cell, max_length=MAX_LENGTH)
    if not text:
        return None
    word = fold_word(text)
    own = {fold_word(kind.key): kind.key for kind in profile.policy_types}
    own |= {fold_word(str(kind.label)): kind.key for kind in profile.policy_types}
    key = own.get(word) or _POLICY_TYPE_OF.get(word)
    if key is None or key not in own.values():
        raise CellError("not_a_policy_type")
    return key


def relation(cell: str) -> str | None:
    """The key of a relation to the policy."""
    text = value_in(cell, max_length=MAX_LENGTH)
    if not text:
        return None
    try:
        return _RELATION_OF[fold_word(text)]
    except KeyError:
        raise CellError("not_a_relation") from None
