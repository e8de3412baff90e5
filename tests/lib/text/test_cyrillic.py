"""Serbian Latin to Cyrillic: every letter, letter pairs that are not digraphs, and words that must not change."""

import re

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from mypolis.foundation.lib.text.cyrillic import to_cyrillic
from tools import messages

ALPHABET = "абвгдђежзијклљмнњопрстћуфхцчџш"
LATIN = dict(zip(ALPHABET, re.findall("lj|nj|dž|.", "abvgdđežzijklljmnnjoprstćufhcčdžš"), strict=True))
TWO_LETTERS = re.compile("лј|нј|дж", re.IGNORECASE)


def to_latin(text: str) -> str:
    """Convert back. This needs no exceptions, except for the case of a digraph's second letter."""
    out = ""
    for place, char in enumerate(text):
        latin = LATIN.get(char.lower(), char)
        loud = char.isupper() and any(
            near.isupper() for near in text[max(place - 1, 0) : place + 2] if near is not char
        )
        out += (latin.upper() if loud else latin.capitalize()) if char.isupper() else latin
    return out


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Ljubav, njuška, džep", "Љубав, њушка, џеп"),
        ("LJUBLJANA, NJEGOŠ, DŽEMAT", "ЉУБЉАНА, ЊЕГОШ, ЏЕМАТ"),
        ("Đorđe Šaćirović iz Čačka", "Ђорђе Шаћировић из Чачка"),
        ("odjava, podjednako", "одјава, подједнако"),
        ("injekcija, Konjunkcija, KONJUGACIJA", "инјекција, Конјункција, КОНЈУГАЦИЈА"),
        ("nadživeti, odživeti, predživot", "надживети, одживети, предживот"),
        ("konj, konju, nadžak, odžak", "коњ, коњу, наџак, оџак"),
        ("fotosinteza feljtona", "фотосинтеза фељтона"),
        ("JMBG-a", "ЈМБГ-а"),
    ],
)
def test_words_are_written_as_serbs_write_them(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


@pytest.mark.parametrize(
    ("latin", "cyrillic"),
    [
        ("Kod iz SMS-a", "Код из SMS-а"),
        ("Pišite na pomoc@lipa.example.", "Пишите на pomoc@lipa.example."),
        ("Na sajtu https://lipa.example/rs/?a=b stoji", "На сајту https://lipa.example/rs/?a=b стоји"),
        ("Domen lipa-osiguranje.example je naš", "Домен lipa-osiguranje.example је наш"),
        ("Imate još %(count)d pokušaj, %s, %d", "Имате још %(count)d покушај, %s, %d"),
        ("Sigurno je 100% posla", "Сигурно је 100% посла"),
        ("Novi kod za {seconds} s", "Нови код за {seconds} с"),
        ('<a href="/rs/" title="Uslovi">uslovi</a>&nbsp;ovde', '<a href="/rs/" title="Uslovi">услови</a>&nbsp;овде'),
        ("[Prijavi se](https://a.example/b) i `kod`", "[Пријави се](https://a.example/b) и `kod`"),
        ("Firefox i Safari, UTF-8, XLSX, API", "Firefox и Safari, UTF-8, XLSX, API"),
        ("upotrebite employee, spouse ili other", "употребите employee, spouse или other"),
        ("Polisa RS-1/22 ili GRP88", "Полиса RS-1/22 или GRP88"),
        ("Član II i član Vi", "Члан II и члан Ви"),
        ("d.o.o. Beograd", "д.о.о. Београд"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_no_serbian_word_stays(latin: str, cyrillic: str) -> None:
    assert to_cyrillic(latin) == cyrillic


def test_a_name_may_be_kept_whole_words_only() -> None:
    assert to_cyrillic("Lipa osiguranje i Lipara", keep=("Lipa osiguranje", "Lipa")) == "Lipa osiguranje и Липара"


WORDS = st.text(ALPHABET, min_size=1, max_size=14).flatmap(
    lambda word: st.sampled_from([word, word.capitalize(), word.upper()])
)


@given(WORDS)
@example("ЊЕГОШ")
@example("Љиљана")
def test_there_and_back_is_the_same_word(word: str) -> None:
    latin = to_latin(word)
    assume(not TWO_LETTERS.search(word) and not word.isupper())
    assume(latin not in ("spouse", "child", "parent", "other", "Opera"))
    assume(not re.match("(?i)inje|inji|inju|konju|tanjug|vanje|vanju|nadž|odž|podž|predž", latin))
    assert to_cyrillic(latin) == word


@given(st.text(max_size=60))
def test_any_text_keeps_its_other_signs_and_never_breaks(text: str) -> None:
    written = to_cyrillic(text)
    assert [char for char in text if not char.isalpha()] == [char for char in written if not char.isalpha()]
    assert to_cyrillic(written) == written


def test_our_own_catalogue_reads_the_same_both_ways() -> None:
    letters = re.compile("[a-zčćđšž]+", re.IGNORECASE)
    for message in messages.messages("sr_Latn"):
        for latin in messages.forms_of(message):
            back = to_latin(to_cyrillic(latin))
            assert letters.findall(back.lower()) == letters.findall(latin.lower())
