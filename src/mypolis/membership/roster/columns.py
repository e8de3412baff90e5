"""Recognises the columns of a list by their titles: our own names, and the usual titles in four languages."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from mypolis.foundation.lib.text.folding import fold_name
from mypolis.foundation.markets import Profile
from mypolis.membership.roster.problems import MESSAGES, Problem, RosterRefusedError

# Other titles of each column, in the order English; Serbian; Indonesian; Russian. Case, accents, dots, spaces and № do
# not matter, and Serbian in Cyrillic folds to Latin.
_ALIASES: dict[str, str] = {
    "policy_type": "type of policy; vrsta polise, tip polise, vrsta osiguranja; jenis polis, tipe polis;"
    "тип полиса, вид полиса, вид страхования",
    "policy_number": "policy, policy no; broj polise, br polise, polisa; nomor polis, no polis, polis;"
    "номер полиса, № полиса, полис, полис №, номер полиса дмс, № полиса дмс",
    "participant_number": "participant no, participant id, member number, member no, member id;"
    "broj osiguranika, broj učesnika; nomor peserta, no peserta;"
    "номер участника, № участника, номер застрахованного, № застрахованного",
    "national_id": "national number; jmbg, matični broj, jedinstveni matični broj građana",
    "surname": "last name, family name; prezime; nama belakang, nama keluarga; фамилия",
    "given_name": "first name, name; ime;nama, nama depan, nama lengkap, nama peserta, nama tertanggung; имя",
    "patronymic": "middle name; ime oca, očevo ime, ime jednog roditelja, srednje ime; nama tengah; отчество",
    "birth_date": "date of birth, birthday, dob; datum rođenja, dat rođenja; tanggal lahir, tgl lahir;"
    "дата рождения, дата рожд, д рожд, др",
    "mobile": "mobile phone, mobile number, phone, phone number, telephone, cell phone;"
    "mobilni, mobilni telefon, broj mobilnog, broj mobilnog telefona, telefon, broj telefona;"
    "nomor hp, no hp, hp, handphone, ponsel, nomor ponsel, telepon, nomor telepon, no telepon,"
    "telepon seluler; мобильный, мобильный телефон, номер мобильного телефона, моб тел, моб телефон, телефон,"
    "номер телефона, сотовый",
    "email": "mail, email address; e-pošta, imejl, imejl adresa, email adresa, el pošta, elektronska pošta;"
    "surel, alamat email, alamat surel; почта, эл почта, электронная почта, адрес электронной почты, имейл",
    "plan": "programme, program; paket, paket osiguranja; paket manfaat;"
    "план, программа, программа страхования, программа обслуживания",
    "relation": "relationship; srodstvo, odnos; hubungan, hubungan keluarga, status hubungan;"
    "родство, степень родства, отношение",
    "start": "start date, from, valid from; početak, datum početka, važi od, od;"
    "mulai, tanggal mulai, berlaku sejak; начало, дата начала, дата прикрепления, прикрепление,"
    "начало обслуживания, дата начала обслуживания, действует с, с",
    "end": "end date, until, to, valid until; kraj, istek, datum isteka, datum završetka, važi do, do;"
    "akhir, berakhir, tanggal berakhir, tanggal akhir, berlaku sampai, selesai; окончание, дата окончания,"
    "дата открепления, открепление, конец обслуживания, дата окончания обслуживания, действует до, по",
    "employee_number": "employee no, employee id, staff number, personnel number;"
    "broj zaposlenog, matični broj zaposlenog, šifra zaposlenog;"
    "nomor karyawan, no karyawan, nomor induk karyawan, nomor pegawai;"
    "табельный номер, табельный №, таб номер, таб №",
}


def fold_word(text: str) -> str:
    """Return the key for comparing titles and fixed words: only letters and digits, with accents and script folded."""
    return re.sub(r"[\W_]+", "", fold_name(text.replace("№", " "), script="serbian"))


def words(alias_list: str) -> Iterable[str]:
    """Yield the keys of the words in an alias list, which commas and semicolons separate."""
    return (fold_word(alias) for alias in re.split("[,;]", alias_list) if alias.strip())


# The whole name in one column, which we do not support.
_WHOLE_NAMES = frozenset(
    fold_word(word) for word in ("ФИО", "full name", "whole name", "ime i prezime", "prezime i ime")
)
_KNOWN = {word: name for name, aliases in _ALIASES.items() for word in (fold_word(name), *words(aliases))}


# Words that occur in many titles. Alone they do not say what a column means.
_VAGUE = frozenset(fold_word(word) for word in ("name", "ime", "nama", "имя", "policy", "polisa", "polis", "полис"))
_VAGUE |= frozenset(fold_word(word) for word in ("to", "from", "do", "od", "с", "по", "др"))
_HINT = re.compile(r"[(\[].*?[)\]]")


def _is_unclear(title: str) -> bool:
    """Whether an unknown title contains the name of a known column and more text, which may change its meaning."""
    if fold_word(_HINT.sub("", title)) in _KNOWN or fold_word(title) in _WHOLE_NAMES:
        return True
    parts = [part for part in (fold_word(word) for word in re.split(r"[\W_]+", title.replace("№", " № "))) if part]
    runs = ("".join(parts[first:last]) for first in range(len(parts)) for last in range(first + 1, len(parts) + 1))
    return any(run in _WHOLE_NAMES or (run in _KNOWN and run not in _VAGUE) for run in runs)


@dataclass(frozen=True)
class Columns:
    """The columns of one list: the title as typed for each canonical name, and warnings about ignored columns."""

    headers: dict[str, str]
    warnings: tuple[Problem, ...]


def map_columns(header: tuple[str, ...], profile: Profile, *, policy_number: str | None) -> Columns:
    """Recognise the columns. With `policy_number`, the list needs no such column.

    Raises `RosterRefusedError` if a required column is missing, two columns mean the same, or an unknown title looks
    like a known one: such a column must not be ignored silently.
    """
    headers: dict[str, str] = {}
    warnings = []
    unclear = tuple(title for title in header if fold_word(title) not in _KNOWN and _is_unclear(title))
    for title in header:
        name = _KNOWN.get(fold_word(title))
        if title in unclear:
            continue
        if name is None:
            warnings.append(Problem(1, title, "unknown_column"))
        elif name == "national_id" and profile.roster.national_id is None:
            warnings.append(Problem(1, title, "not_kept"))
        elif name in headers:
            raise RosterRefusedError("doubled_column", MESSAGES["doubled_column"], columns=(name,))
        else:
            headers[name] = title
    given = headers.keys() | ({"policy_number"} if policy_number else set())
    missing = tuple(sorted(profile.roster.required - given))
    if missing:
        raise RosterRefusedError("missing_column", MESSAGES["missing_column"], columns=missing)
    if unclear:
        raise RosterRefusedError("unclear_column", MESSAGES["unclear_column"], columns=unclear)
    return Columns(headers, tuple(warnings))
