"""The most common passwords in the markets' languages. The strength meter knows English words only.

Pure. Source of the words: the kinds of words that lists of leaked passwords share (password, pet names, clubs, cities,
years), and words that come to mind on an insurer's page.
"""

from collections.abc import Iterator

from mypolis.foundation.lib.text.folding import Script, fold_name

# Serbian and Indonesian spelt with 26 letters; Serbian Cyrillic is converted to them before the look-up.
_SERBIAN = """
    lozinka sifra tajna pristup prijava korisnik nalog ulaz admin moja moj moje nova novi ja volim te
    ljubav volimte voljena ljubavi srce srecko sreca zivot sunce sunasce zvezda partizan grobari delije cigani
    srbija srbije beograd novisad nis sumadija kosovo jugoslavija balkan mama tata dete deca porodica drug prijatelj
    milica jelena marija marko nikola stefan milos ana jovana aleksandar danijela zdravo dobrodosli kompjuter telefon
    osiguranje polisa zdravlje doktor lekar klinika bolnica pacijent clan zaposleni
"""
_INDONESIAN = """
    katasandi sandi kata rahasia masuk akun pengguna admin baru saya aku kamu ku milikku punyaku
    sayang sayangku cinta cintaku cintakamu akucintakamu akusayangkamu rindu kasih bahagia hidup hati bintang matahari
    indonesia merdeka jakarta bandung surabaya bali garuda persib persija keluarga ibu bapak mama papa anak teman
    sahabat bismillah alhamdulillah allah muhammad terserah gakada lupa kucing budi agus dewi putri rizky halo selamat
    asuransi polis kesehatan sehat dokter klinik pasien rumahsakit peserta karyawan
"""
_RUSSIAN = """
    пароль парольчик секрет тайна вход доступ логин админ мой моя мое новый новая я люблю тебя
    любовь любимая любимый любимка солнышко солнце зайка котенок кошка собака сердце счастье жизнь звезда
    россия москва питер спартак зенит динамо локомотив победа мама папа мамочка семья дочка сынок друг дружба
    наташа настя марина андрей максим александр сергей дмитрий саша привет приветик здравствуй компьютер телефон
    страховка страхование полис дмс омс здоровье врач доктор клиника больница поликлиника пациент сотрудник работа
    parol privet lubov lyubov natasha marina andrey maksim sergey solnce zaika rossiya moskva spartak strahovka zdorovie
    gfhjkm ghbdtn yfnfif fylhtq cthutq ctrhtn vjcrdf
"""
_ENGLISH = """
    password passwort pass passwd pwd passcode secret login logon access admin administrator user guest root default
    test demo welcome hello letmein changeme temp temporary new my the me i love you iloveyou lovely
    sunshine princess monkey dragon football baseball soccer master shadow superman batman michael jordan killer
    freedom whatever trustno nothing computer internet google samsung apple mother father family summer winter spring
    autumn insurance insured policy mypolis polis portal health healthcare doctor clinic hospital patient member claim
    employee company work
"""
_ROWS = """
    qwertyuiop asdfghjkl zxcvbnm qwertyuiopasdfghjklzxcvbnm qazwsxedcrfvtgbyhnujmikolp
    qwertzuiop yxcvbnm qwertzuiopasdfghjklyxcvbnm qwertzuiopšđ asdfghjklčćž qayw sxedcrfvtgbzhnujm
    йцукенгшщзхъ фывапролджэ ячсмитьбю йцукенгшщзхъфывапролджэячсмитьбю йфяцычувскамепинртгоьшлбщдю
    љњертзуиопшђ асдфгхјклчћж ѕџцвбнм зџцвбнм
"""
_SCRIPTS: tuple[Script, ...] = ("cyrillic-ru", "serbian")
_SHORTEST_RUN = 3
_SYMBOLS_FOR_LETTERS = str.maketrans("013457@$!", "oieastasi")


def _letters(text: str, script: Script) -> str:
    return "".join(character for character in fold_name(text, script=script) if character.isalpha())


WORDS = frozenset(
    _letters(word, script)
    for word in (_SERBIAN + _INDONESIAN + _RUSSIAN + _ENGLISH).split()
    if len(word) > 1
    for script in _SCRIPTS
)
_RUNS = "\n".join(_letters(keys, script) for row in _ROWS.split() for keys in (row, row[::-1]) for script in _SCRIPTS)


def is_common(password: str) -> bool:
    """Whether a password, without digits and symbols, is one or two common words, a repeated one, or keyboard runs."""
    return any(_is_known(letters) for letters in _readings(password) if letters)


def _readings(password: str) -> Iterator[str]:
    """The letters alone, in both alphabets; also with symbols inside the word replaced by the letters they mean."""
    ends = "".join(character for character in password if not character.isalpha())
    inside = password.strip(ends).translate(_SYMBOLS_FOR_LETTERS)
    for text in (password, inside):
        for script in _SCRIPTS:
            yield _letters(text, script)


def _is_known(letters: str) -> bool:
    rest = _without_runs(letters)
    return not rest or _is_one_or_two_words(rest) or _is_one_or_two_words(letters)


def _is_one_or_two_words(letters: str) -> bool:
    unit = letters[: (letters + letters).find(letters, 1)]  # the piece that the text repeats; the text itself if none
    return any(
        text[:cut] in WORDS and (text[cut:] in WORDS or not text.replace(text[:cut], ""))
        for text in (letters, unit)
        for cut in range(1, len(text) + 1)
    )


def _without_runs(letters: str) -> str:
    rest, here = "", 0
    while here < len(letters):
        size = _run_at(letters, here)
        rest += "" if size else letters[here]
        here += size or 1
    return rest


def _run_at(letters: str, here: int) -> int:
    """How many letters from this position are adjacent on a keyboard; 0 when fewer than three."""
    size = _SHORTEST_RUN
    while here + size <= len(letters) and letters[here : here + size] in _RUNS:
        size += 1
    return size - 1 if size > _SHORTEST_RUN else 0
