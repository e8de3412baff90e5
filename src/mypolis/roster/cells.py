"""One cell of a list, read by the rules of its column. Codes of errors are those of `problems.MESSAGES`."""

import re
from datetime import date

from mypolis.lib.cells.placeholders import is_placeholder_number
from mypolis.lib.dates import DateError, parse_date_cell, plausible_birth_date
from mypolis.lib.email_addresses import EmailAddressError, read_email
from mypolis.lib.folding import ascii_digits, fold_reference, is_placeholder
from mypolis.lib.jmbg import JmbgError, normalise_jmbg
from mypolis.lib.phones import PhoneError, parse_any_mobile, parse_mobile
from mypolis.markets import Profile
from mypolis.roster.columns import fold_word, words

_SHORTENED = re.compile(r"\d+([.,]\d+)?[eEеЕ][+-]?\d+")
# What a spreadsheet shows for a formula that failed, in any language: #REF!, #DIV/0!, #ИМЯ?
_FAILED = re.compile(r"#(N/A|Н/Д|[^\W\d_]+(/0)?[!?])")
_JMBG_DIGITS = 13

MAX_LENGTH = 64
MAX_EMAIL_LENGTH = 254  # of the address and of its folded form, where an international domain is longer

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


class CellError(ValueError):
    """Why a cell cannot be used: see `code`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refuse_failed_formula(text: str) -> None:
    """Raise `CellError` when the cell holds an error in place of a value."""
    if _FAILED.fullmatch(text):
        raise CellError("failed_formula")


def reference(text: str) -> str:
    """A number by which somebody keeps something, as typed; a placeholder is ""."""
    _refuse_shortened(text)
    folded = fold_reference(text)
    if len(folded) > MAX_LENGTH:
        raise CellError("too_long")
    return text if folded and not is_placeholder_number(text) else ""


def name(text: str) -> str:
    """A part of a name, as typed; a placeholder is "" (some people have one name only)."""
    if is_placeholder(text) and not any(sign.isalnum() for sign in text):
        return ""
    if not any(sign.isalpha() for sign in text):
        raise CellError("no_letters")
    return text


def patronymic(text: str) -> str:
    """A patronymic, as typed; "нет", "-" and the like are ""."""
    return "" if is_placeholder(text) else text


def birth_date(text: str, *, today: date) -> date:
    """A day on which somebody alive may have been born."""
    try:
        return plausible_birth_date(parse_date_cell(text), today=today)
    except DateError as error:
        raise CellError(error.code if error.code in ("future", "too_old") else "not_a_date") from None


def day(text: str) -> date:
    """Any day."""
    try:
        return parse_date_cell(text)
    except DateError:
        raise CellError("not_a_date") from None


def mobile(text: str, *, region: str) -> str:
    """A mobile number of any country in E.164; a placeholder is ""."""
    if not any(sign.isalnum() for sign in text):
        return ""
    _refuse_shortened(text)
    try:
        return parse_any_mobile(text, region=region)
    except PhoneError as error:
        raise CellError(error.code) from None


def is_foreign(e164: str, *, region: str) -> bool:
    """Whether a mobile number is of another country."""
    try:
        parse_mobile(e164, region=region)
    except PhoneError:
        return True
    return False


def email(text: str) -> str:
    """An e-mail address as the list spells it, an international domain in one form; a placeholder is ""."""
    if not any(sign.isalnum() for sign in text):
        return ""
    try:
        address = read_email(text)
    except EmailAddressError as error:
        raise CellError("not_an_email" if error.code == "malformed" else "ambiguous_email") from None
    return text if text.isascii() else address.spelling


def national_id(text: str) -> str:
    """The 13 digits of a JMBG."""
    _refuse_shortened(text)
    try:
        return normalise_jmbg(text)
    except JmbgError as error:
        digits = ascii_digits(text).strip()
        if error.code == "length" and len(digits) == _JMBG_DIGITS - 1 and digits.isdigit():
            raise CellError("lost_zero") from None
        raise CellError("checksum" if error.code == "checksum" else "not_a_national_id") from None


def policy_type(text: str, *, profile: Profile) -> str:
    """The key of one of the market's types of policy."""
    word = fold_word(text)
    own = {fold_word(kind.key): kind.key for kind in profile.policy_types}
    own |= {fold_word(str(kind.label)): kind.key for kind in profile.policy_types}
    key = own.get(word) or _POLICY_TYPE_OF.get(word)
    if key is None or key not in own.values():
        raise CellError("not_a_policy_type")
    return key


def relation(text: str) -> str:
    """The key of a relation to the policy."""
    try:
        return _RELATION_OF[fold_word(text)]
    except KeyError:
        raise CellError("not_a_relation") from None


def _refuse_shortened(text: str) -> None:
    if _SHORTENED.fullmatch(text):
        raise CellError("scientific")
