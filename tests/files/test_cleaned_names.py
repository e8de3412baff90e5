"""The names of cleaned files do no harm in a path, a table, a header or a list of files."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mypolis.foundation.files.checking.cleaned_names import LONGEST, cleaned_name
from tests.files.malicious import NAMES


@given(st.one_of(st.sampled_from(NAMES), st.text(max_size=400)), st.sampled_from(["image/jpeg", "application/pdf"]))
def test_a_name_is_safe_on_every_system_and_says_the_type(name: str, media_type: str) -> None:
    made = cleaned_name(name, media_type)
    stem, extension = made[:-4], made[-4:]
    assert extension == {"image/jpeg": ".jpg", "application/pdf": ".pdf"}[media_type]
    assert 0 < len(stem) <= LONGEST + len("file ")
    assert not set(made) & set("/\\:*?\"<>|=@'")
    assert not {unicodedata.category(sign)[0] for sign in made} & {"C"}
    assert stem[0] not in "=+-@ ."
    assert not re.fullmatch("con|nul|aux|prn", stem, re.IGNORECASE)
    assert cleaned_name(made, media_type) == made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Чек № 12 (копия).JPEG", "Чек № 12 (копия).jpg"),
        ("račun_2026-11-30.heic", "račun_2026-11-30.jpg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("invoice\u202egpj.exe", "invoice gpj.jpg"),
        ("=cmd|'/c calc'!A1.pdf", "c calc A1.jpg"),
        ("CON.jpg", "file CON.jpg"),
        ("", "file.jpg"),
    ],
)
def test_a_good_name_stays(name: str, expected: str) -> None:
    assert cleaned_name(name, "image/jpeg") == expected
